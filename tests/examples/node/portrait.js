// Print the first picture that has a suitable face, and where the face is.
//
//     node portrait.js https://example.com/a.png https://example.com/b.png
//
// The tests talk to emoji-mock, a fake of the service. Run them in one of two ways:
//
//     emoji-mock run -- npm test
//
//     emoji-mock serve &
//     DASHSCOPE_HTTP_BASE_URL=http://127.0.0.1:8000/api/v1 npm test

import { fileURLToPath } from "node:url";

import { detectFace } from "./face-detect.js";

/** Return the first of the pictures whose face is suitable, with its box; undefined if there is none. */
export async function pickPortrait(imageUrls, options) {
  for (const imageUrl of imageUrls) {
    const detection = await detectFace(imageUrl, options);
    if (detection.passed) return { imageUrl, face: detection.face };
    console.error(`${imageUrl}: ${detection.message}`);
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const portrait = await pickPortrait(process.argv.slice(2));
  console.log(portrait ? `${portrait.imageUrl} ${portrait.face}` : "no suitable picture");
  process.exitCode = portrait ? 0 : 1;
}

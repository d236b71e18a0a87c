// What each program in Node does, whatever its HTTP library: detections, an upload, a video. Each prints a line.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const HOME = "https://dashscope.aliyuncs.com/api/v1";
const KEY = { Authorization: `Bearer ${process.env.DASHSCOPE_API_KEY}` };

const parse = ({ status, body }) => ({ status, answer: JSON.parse(body) });

async function detect(send, picture, headers = {}) {
  const sent = { model: "emoji-detect-v1", input: { image_url: picture }, parameters: { ratio: "1:1" } };
  const url = `${HOME}/services/aigc/image2video/face-detect`;
  const { status, answer } = parse(await send({ method: "POST", url, headers: { ...KEY, ...headers }, json: sent }));
  if (status !== 200) return { line: `error ${status} ${answer.code}` };
  const found = answer.output;
  if (found.code) return { line: `failed ${found.code}` };
  return { line: `passed ${found.bbox_face} ${found.ext_bbox_face}`, found };
}

async function upload(send, path) {
  const url = `${HOME}/uploads?action=getPolicy&model=emoji-detect-v1`;
  const granted = parse(await send({ method: "GET", url, headers: KEY })).answer.data;
  const form = {
    OSSAccessKeyId: granted.oss_access_key_id,
    Signature: granted.signature,
    policy: granted.policy,
    key: `${granted.upload_dir}/${basename(path)}`,
    "x-oss-object-acl": granted.x_oss_object_acl,
    "x-oss-forbid-overwrite": granted.x_oss_forbid_overwrite,
    success_action_status: "200",
  };
  const file = { name: basename(path), bytes: readFileSync(path) };
  const { status } = await send({ method: "POST", url: granted.upload_host, headers: {}, form, file });
  if (status !== 200) return { line: `error ${status} of the upload` };
  return detect(send, `oss://${form.key}`, { "X-DashScope-OssResourceResolve": "enable" });
}

async function video(send, picture) {
  const { found } = await detect(send, picture);
  const boxes = { face_bbox: found.bbox_face, ext_bbox: found.ext_bbox_face };
  const sent = { model: "emoji-v1", input: { image_url: picture, driven_id: "mengwa_kaixin", ...boxes } };
  const url = `${HOME}/services/aigc/image2video/video-synthesis`;
  const headers = { ...KEY, "X-DashScope-Async": "enable" };
  let task = parse(await send({ method: "POST", url, headers, json: sent })).answer.output;
  while (["PENDING", "RUNNING"].includes(task.task_status)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    task = parse(await send({ method: "GET", url: `${HOME}/tasks/${task.task_id}`, headers: KEY })).answer.output;
  }
  const { body } = await send({ method: "GET", url: task.video_url, headers: {} });
  return { line: `video ${body.length} ${body.toString("latin1", 4, 8)}` };
}

// Return the form as an object of the platform, which encodes itself.
export function formData({ form, file }) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) data.append(name, value);
  data.append("file", new Blob([file.bytes]), file.name);
  return data;
}

// Do the steps of the command with `send`, which returns status and body, the latter as a Buffer.
export async function run(send) {
  const [, , ...words] = process.argv;
  while (words.length) {
    const [step, argument] = words.splice(0, 2);
    console.log((await { detect, upload, video }[step](send, argument)).line);
  }
}

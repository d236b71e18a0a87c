// A program with fetch, which prints what it meets: `with_fetch.mjs SECONDS HOME PICTURE...`.
const [, , seconds, home, ...pictures] = process.argv;
for (const picture of pictures) {
  const sent = { model: "emoji-detect-v1", input: { image_url: picture }, parameters: { ratio: "1:1" } };
  const headers = { Authorization: `Bearer ${process.env.DASHSCOPE_API_KEY}`, "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(Number(seconds) * 1000);
  const url = `${home}/api/v1/services/aigc/image2video/face-detect`;
  try {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(sent), signal });
    console.log(`${answer.status} ${(await answer.text()).length > 100}`);
  } catch (error) {
    console.log(error.cause?.code ?? error.name);
  }
}

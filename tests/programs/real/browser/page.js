// A page of the vendor's origin: detections, an upload, a video, for steps of the form ["detect", URL]. Returns a line for each.
async (key, steps) => {
  const HOME = "/api/v1";
  const KEY = { Authorization: `Bearer ${key}` };
  const JSON_AND_KEY = { ...KEY, "Content-Type": "application/json" };

  const post = (path, sent, headers = {}) =>
    fetch(HOME + path, { method: "POST", headers: { ...JSON_AND_KEY, ...headers }, body: JSON.stringify(sent) });

  async function detect(picture, headers) {
    const sent = { model: "emoji-detect-v1", input: { image_url: picture }, parameters: { ratio: "1:1" } };
    const response = await post("/services/aigc/image2video/face-detect", sent, headers);
    const answer = await response.json();
    if (!response.ok) return { line: `error ${response.status} ${answer.code}` };
    const found = answer.output;
    if (found.code) return { line: `failed ${found.code}` };
    return { line: `passed ${found.bbox_face} ${found.ext_bbox_face}`, found };
  }

  async function upload(picture) {
    const response = await fetch(`${HOME}/uploads?action=getPolicy&model=emoji-detect-v1`, { headers: KEY });
    const granted = (await response.json()).data;
    const form = new FormData();
    form.append("OSSAccessKeyId", granted.oss_access_key_id);
    form.append("Signature", granted.signature);
    form.append("policy", granted.policy);
    form.append("key", `${granted.upload_dir}/me.png`);
    form.append("x-oss-object-acl", granted.x_oss_object_acl);
    form.append("x-oss-forbid-overwrite", granted.x_oss_forbid_overwrite);
    form.append("success_action_status", "200");
    form.append("file", await (await fetch(picture)).blob(), "me.png");
    const stored = await fetch(granted.upload_host, { method: "POST", body: form });
    if (!stored.ok) return { line: `error ${stored.status} of the upload` };
    return detect(`oss://${form.get("key")}`, { "X-DashScope-OssResourceResolve": "enable" });
  }

  async function video(picture) {
    const { found } = await detect(picture);
    const boxes = { face_bbox: found.bbox_face, ext_bbox: found.ext_bbox_face };
    const sent = { model: "emoji-v1", input: { image_url: picture, driven_id: "mengwa_kaixin", ...boxes } };
    const created = await post("/services/aigc/image2video/video-synthesis", sent, { "X-DashScope-Async": "enable" });
    let task = (await created.json()).output;
    while (["PENDING", "RUNNING"].includes(task.task_status)) {
      task = (await (await fetch(`${HOME}/tasks/${task.task_id}`, { headers: KEY })).json()).output;
    }
    const film = document.createElement("video");
    film.src = task.video_url;
    await new Promise((resolve, reject) => Object.assign(film, { onloadedmetadata: resolve, onerror: reject }));
    return { line: `video ${film.videoWidth} ${film.videoHeight}` };
  }

  const lines = [];
  for (const [step, argument] of steps) {
    try {
      lines.push((await { detect, upload, video }[step](argument)).line);
    } catch (error) {
      lines.push(`${step}: ${error}`);
    }
  }
  return lines;
}

#!/bin/sh
# A program with curl: detections, an upload, a video. Each prints a line.
set -eu
home=https://dashscope.aliyuncs.com/api/v1
key="Authorization: Bearer $DASHSCOPE_API_KEY"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$answer"; }
box() { sed -n "s/.*\"$1\":\[\([0-9,]*\)\].*/\1/p" "$answer"; }
say() { curl -sS -o "$answer" -w '%{http_code}' "$@"; }

detect() {
    status=$(say "$home/services/aigc/image2video/face-detect" -H "$key" -H 'Content-Type: application/json' \
        -H 'X-DashScope-OssResourceResolve: enable' \
        -d "{\"model\":\"emoji-detect-v1\",\"input\":{\"image_url\":\"$1\"},\"parameters\":{\"ratio\":\"1:1\"}}")
    code=$(field code)
    if [ "$status" != 200 ]; then echo "error $status $code"
    elif [ -n "$code" ]; then echo "failed $code"
    else echo "passed $(box bbox_face) $(box ext_bbox_face)"; fi
}

upload() {
    say "$home/uploads?action=getPolicy&model=emoji-detect-v1" -H "$key" >/dev/null
    name="$(field upload_dir)/$(basename "$1")"
    curl -sS "$(field upload_host)" -F "OSSAccessKeyId=$(field oss_access_key_id)" -F "Signature=$(field signature)" \
        -F "policy=$(field policy)" -F "key=$name" -F "x-oss-object-acl=$(field x_oss_object_acl)" \
        -F "x-oss-forbid-overwrite=$(field x_oss_forbid_overwrite)" -F success_action_status=200 -F "file=@$1"
    detect "oss://$name"
}

video() {
    detect "$1" >/dev/null
    boxes="\"face_bbox\":[$(box bbox_face)],\"ext_bbox\":[$(box ext_bbox_face)]"
    say "$home/services/aigc/image2video/video-synthesis" -H "$key" -H 'Content-Type: application/json' \
        -H 'X-DashScope-Async: enable' \
        -d "{\"model\":\"emoji-v1\",\"input\":{\"image_url\":\"$1\",\"driven_id\":\"mengwa_kaixin\",$boxes}}" >/dev/null
    task=$(field task_id)
    while [ "$(field task_status)" = PENDING ] || [ "$(field task_status)" = RUNNING ]; do
        say "$home/tasks/$task" -H "$key" >/dev/null
    done
    say "$(field video_url)" >/dev/null
    echo "video $(($(wc -c <"$answer"))) $(tail -c +5 "$answer" | head -c 4)"
}

while [ $# -gt 0 ]; do
    "$1" "$2"
    shift 2
done

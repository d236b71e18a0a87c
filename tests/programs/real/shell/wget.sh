#!/bin/sh
# A program with wget, which cannot send a form with a file: detections and a video. Each prints a line.
set -eu
home=https://dashscope.aliyuncs.com/api/v1
key="Authorization: Bearer $DASHSCOPE_API_KEY"
answer=$(mktemp) heads=$(mktemp)
trap 'rm -f "$answer" "$heads"' EXIT

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$answer"; }
box() { sed -n "s/.*\"$1\":\[\([0-9,]*\)\].*/\1/p" "$answer"; }
# Exit status 8: the server answered with an error, whose body is read.
say() { wget -nv -t 1 -S --content-on-error -O "$answer" -o "$heads" "$@" || [ $? = 8 ]; }

detect() {
    say --header "$key" --header 'Content-Type: application/json' \
        --post-data "{\"model\":\"emoji-detect-v1\",\"input\":{\"image_url\":\"$1\"},\"parameters\":{\"ratio\":\"1:1\"}}" \
        "$home/services/aigc/image2video/face-detect"
    status=$(sed -n 's,^ *HTTP/1.1 \([0-9]*\).*,\1,p' "$heads" | tail -n 1) code=$(field code)
    if [ "$status" != 200 ]; then echo "error $status $code"
    elif [ -n "$code" ]; then echo "failed $code"
    else echo "passed $(box bbox_face) $(box ext_bbox_face)"; fi
}

video() {
    detect "$1" >/dev/null
    boxes="\"face_bbox\":[$(box bbox_face)],\"ext_bbox\":[$(box ext_bbox_face)]"
    say --header "$key" --header 'Content-Type: application/json' --header 'X-DashScope-Async: enable' \
        --post-data "{\"model\":\"emoji-v1\",\"input\":{\"image_url\":\"$1\",\"driven_id\":\"mengwa_kaixin\",$boxes}}" \
        "$home/services/aigc/image2video/video-synthesis"
    task=$(field task_id)
    while [ "$(field task_status)" = PENDING ] || [ "$(field task_status)" = RUNNING ]; do
        say --header "$key" "$home/tasks/$task"
    done
    say "$(field video_url)"
    echo "video $(($(wc -c <"$answer"))) $(tail -c +5 "$answer" | head -c 4)"
}

while [ $# -gt 0 ]; do
    "$1" "$2"
    shift 2
done

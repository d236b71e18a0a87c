#!/bin/sh
# A program with the command `dashscope`, which uploads, and waits for a task that somebody else has created: here curl,
# which gets the video, too.
set -eu
home=https://dashscope.aliyuncs.com/api/v1
key="Authorization: Bearer $DASHSCOPE_API_KEY"

upload() { dashscope oss upload --model emoji-detect-v1 --file "$1" | grep -o 'oss://[^ ]*' | sed "s,oss://.*/,uploaded ,"; }

video() {
    task=$(curl -sS "$home/services/aigc/image2video/video-synthesis" -H "$key" -H 'Content-Type: application/json' \
        -H 'X-DashScope-Async: enable' -d "{\"model\":\"emoji-v1\",\"input\":{\"image_url\":\"$1\",
        \"driven_id\":\"mengwa_kaixin\",\"face_bbox\":[224,157,460,392],\"ext_bbox\":[82,1,602,520]}}" |
        sed -n 's/.*"task_id":"\([^"]*\)".*/\1/p')
    film=$(dashscope video-synthesis wait "$task" | sed -n 's/.*"video_url": "\([^"]*\)".*/\1/p')
    curl -sS "$film" >film.mp4
    echo "video $(wc -c <film.mp4) $(head -c 8 film.mp4 | tail -c 4)"
}

while [ $# -gt 0 ]; do
    "$1" "$2"
    shift 2
done

#!/bin/sh
# A program with curl, which prints the exit status: `with_curl.sh SECONDS HOME PICTURE...`; CURL_MORE has more options.
seconds=$1 home=$2
shift 2
for picture in "$@"; do
    # shellcheck disable=SC2086
    curl $CURL_MORE -s -o /dev/null -m "$seconds" "$home/api/v1/services/aigc/image2video/face-detect" \
        -H "Authorization: Bearer $DASHSCOPE_API_KEY" -H 'Content-Type: application/json' \
        -d "{\"model\":\"emoji-detect-v1\",\"input\":{\"image_url\":\"$picture\"},\"parameters\":{\"ratio\":\"1:1\"}}"
    echo "exit $?"
done

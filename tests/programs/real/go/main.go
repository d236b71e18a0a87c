// A program with net/http: detections, an upload, a video. Each prints a line.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const home = "https://dashscope.aliyuncs.com/api/v1"

var key = http.Header{"Authorization": {"Bearer " + os.Getenv("DASHSCOPE_API_KEY")}}

type output struct {
	Code       string `json:"code"`
	Face       []int  `json:"bbox_face"`
	Ext        []int  `json:"ext_bbox_face"`
	TaskID     string `json:"task_id"`
	TaskStatus string `json:"task_status"`
	VideoURL   string `json:"video_url"`
}

type answer struct {
	Code   string         `json:"code"`
	Output output         `json:"output"`
	Data   map[string]any `json:"data"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func send(method, url string, headers http.Header, body io.Reader) (int, []byte) {
	request, err := http.NewRequest(method, url, body)
	check(err)
	for name, values := range headers {
		request.Header[name] = values
	}
	got, err := http.DefaultClient.Do(request)
	check(err)
	defer got.Body.Close()
	read, err := io.ReadAll(got.Body)
	check(err)
	return got.StatusCode, read
}

func call(method, url string, sent any, more ...string) (status int, read answer) {
	headers := key.Clone()
	for at := 0; at < len(more); at += 2 {
		headers.Set(more[at], more[at+1])
	}
	var body io.Reader
	if sent != nil {
		encoded, err := json.Marshal(sent)
		check(err)
		body = bytes.NewReader(encoded)
		headers.Set("Content-Type", "application/json")
	}
	status, raw := send(method, url, headers, body)
	check(json.Unmarshal(raw, &read))
	return
}

func box(of []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(of), " ", ","), "[]")
}

func detect(picture string) (string, output) {
	sent := map[string]any{
		"model": "emoji-detect-v1", "input": map[string]string{"image_url": picture}, "parameters": map[string]string{"ratio": "1:1"},
	}
	status, got := call("POST", home+"/services/aigc/image2video/face-detect", sent, "X-DashScope-OssResourceResolve", "enable")
	switch {
	case status != 200:
		return fmt.Sprintf("error %d %s", status, got.Code), got.Output
	case got.Output.Code != "":
		return "failed " + got.Output.Code, got.Output
	}
	return fmt.Sprintf("passed %s %s", box(got.Output.Face), box(got.Output.Ext)), got.Output
}

func upload(path string) string {
	_, got := call("GET", home+"/uploads?action=getPolicy&model=emoji-detect-v1", nil)
	text := func(name string) string { return fmt.Sprint(got.Data[name]) }
	name := text("upload_dir") + "/" + filepath.Base(path)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{
		{"OSSAccessKeyId", text("oss_access_key_id")}, {"Signature", text("signature")}, {"policy", text("policy")}, {"key", name},
		{"x-oss-object-acl", text("x_oss_object_acl")}, {"x-oss-forbid-overwrite", text("x_oss_forbid_overwrite")},
		{"success_action_status", "200"},
	} {
		check(form.WriteField(field[0], field[1]))
	}
	part, err := form.CreateFormFile("file", filepath.Base(path))
	check(err)
	picture, err := os.ReadFile(path)
	check(err)
	_, err = part.Write(picture)
	check(err)
	check(form.Close())
	status, _ := send("POST", text("upload_host"), http.Header{"Content-Type": {form.FormDataContentType()}}, &body)
	if status != 200 {
		return fmt.Sprintf("error %d of the upload", status)
	}
	line, _ := detect("oss://" + name)
	return line
}

func video(picture string) string {
	_, found := detect(picture)
	input := map[string]any{"image_url": picture, "driven_id": "mengwa_kaixin", "face_bbox": found.Face, "ext_bbox": found.Ext}
	sent := map[string]any{"model": "emoji-v1", "input": input}
	_, got := call("POST", home+"/services/aigc/image2video/video-synthesis", sent, "X-DashScope-Async", "enable")
	url := home + "/tasks/" + got.Output.TaskID
	for got.Output.TaskStatus == "PENDING" || got.Output.TaskStatus == "RUNNING" {
		time.Sleep(10 * time.Millisecond)
		_, got = call("GET", url, nil)
	}
	_, film := send("GET", got.Output.VideoURL, nil, nil)
	return fmt.Sprintf("video %d %s", len(film), film[4:8])
}

func main() {
	for at := 1; at < len(os.Args); at += 2 {
		switch argument := os.Args[at+1]; os.Args[at] {
		case "upload":
			fmt.Println(upload(argument))
		case "video":
			fmt.Println(video(argument))
		default:
			line, _ := detect(argument)
			fmt.Println(line)
		}
	}
}

// Command portrait prints the first picture that has a suitable face, and where the face is.
//
//	go run . https://example.com/a.png https://example.com/b.png
//
// The tests talk to emoji-mock, a fake of the service. Run them in one of two ways; -count=1 because go test does not
// repeat a run whose result it has kept:
//
//	emoji-mock run -- go test -count=1
//
//	emoji-mock serve &
//	DASHSCOPE_HTTP_BASE_URL=http://127.0.0.1:8000/api/v1 go test -count=1
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// PickPortrait returns the first of the pictures whose face is suitable, and the box of the face.
func PickPortrait(ctx context.Context, client *Client, imageURLs []string) (string, Box, error) {
	for _, imageURL := range imageURLs {
		detection, err := client.Detect(ctx, imageURL)
		var unsuitable *UnsuitableError
		if errors.As(err, &unsuitable) {
			fmt.Fprintf(os.Stderr, "%s: %v\n", imageURL, err)
			continue
		}
		return imageURL, detection.Face, err
	}
	return "", Box{}, errors.New("no suitable picture")
}

func main() {
	imageURL, face, err := PickPortrait(context.Background(), NewClient(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(imageURL, face)
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"time"
)

const (
	vendor = "https://dashscope.aliyuncs.com/api/v1"
	path   = "/services/aigc/image2video/face-detect"
)

// A Box is left, top, right and bottom, in pixels.
type Box [4]int

// A Detection is the face of a picture, and the wider box around it that a video shows.
type Detection struct {
	Face Box `json:"bbox_face"`
	Ext  Box `json:"ext_bbox_face"`
}

// An UnsuitableError says why a picture is not suitable. The call is billed.
type UnsuitableError struct{ Code, Message string }

func (e *UnsuitableError) Error() string { return e.Message }

// A ServiceError is a refused request. The call is not billed.
type ServiceError struct {
	Status        int
	Code, Message string
	RetryAfter    time.Duration
}

func (e *ServiceError) Error() string {
	return fmt.Sprintf("HTTP %d %s: %s", e.Status, e.Code, e.Message)
}

// A Client asks emoji-detect-v1. It repeats what can succeed later: 429, 5xx, lost connections, timeouts.
type Client struct {
	BaseURL, APIKey string
	HTTP            *http.Client
	Attempts        int
	Wait            time.Duration
}

// NewClient returns a client with the settings of the environment.
func NewClient() *Client {
	baseURL := os.Getenv("DASHSCOPE_HTTP_BASE_URL")
	if baseURL == "" {
		baseURL = vendor
	}
	return &Client{
		BaseURL:  baseURL,
		APIKey:   os.Getenv("DASHSCOPE_API_KEY"),
		HTTP:     &http.Client{Timeout: 20 * time.Second},
		Attempts: 4,
		Wait:     time.Second,
	}
}

// Detect returns the face of a picture, or an UnsuitableError, a ServiceError or an error of the connection.
func (c *Client) Detect(ctx context.Context, imageURL string) (Detection, error) {
	for attempt := 1; ; attempt++ {
		detection, err := c.detectOnce(ctx, imageURL)
		if err == nil || attempt == c.Attempts || !isTransient(err) {
			return detection, err
		}
		wait := time.Duration(float64(c.Wait<<(attempt-1)) * (1 + rand.Float64()))
		var refused *ServiceError
		if errors.As(err, &refused) && refused.RetryAfter > wait {
			wait = refused.RetryAfter
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return Detection{}, ctx.Err()
		}
	}
}

func (c *Client) detectOnce(ctx context.Context, imageURL string) (Detection, error) {
	body, err := json.Marshal(map[string]any{
		"model":      "emoji-detect-v1",
		"input":      map[string]string{"image_url": imageURL},
		"parameters": map[string]string{"ratio": "1:1"},
	})
	if err != nil {
		return Detection{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return Detection{}, err
	}
	request.Header.Set("Authorization", "Bearer "+c.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.HTTP.Do(request)
	if err != nil {
		return Detection{}, err
	}
	defer response.Body.Close()
	return read(response)
}

func read(response *http.Response) (Detection, error) {
	var answer struct {
		Code, Message string
		Output        struct {
			Detection
			Code, Message string
		}
	}
	err := json.NewDecoder(response.Body).Decode(&answer)
	if response.StatusCode != http.StatusOK {
		// The error page of a gateway is not JSON; then code and message stay empty.
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		retryAfter := time.Duration(seconds) * time.Second
		return Detection{}, &ServiceError{response.StatusCode, answer.Code, answer.Message, retryAfter}
	}
	if err != nil {
		return Detection{}, err
	}
	// A picture that is not suitable is HTTP 200, too.
	if answer.Output.Code != "" {
		return Detection{}, &UnsuitableError{answer.Output.Code, answer.Output.Message}
	}
	return answer.Output.Detection, nil
}

func isTransient(err error) bool {
	var refused *ServiceError
	if errors.As(err, &refused) {
		return refused.Status == http.StatusTooManyRequests || refused.Status >= http.StatusInternalServerError
	}
	var unsuitable *UnsuitableError
	return !errors.As(err, &unsuitable) && !errors.Is(err, context.Canceled)
}

package main

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func newTestClient(account *account) *Client {
	client := NewClient()
	client.APIKey = account.key()
	client.HTTP = &http.Client{Timeout: time.Second}
	client.Wait = 50 * time.Millisecond
	return client
}

func TestAFaceHasTwoBoxes(t *testing.T) {
	t.Parallel()
	client := newTestClient(newAccount(t))
	detection, err := client.Detect(context.Background(), "https://emoji-mock.test/passed/640x800.png")
	if err != nil {
		t.Fatal(err)
	}
	want := Detection{Face: Box{224, 157, 460, 392}, Ext: Box{82, 1, 602, 520}}
	if detection != want {
		t.Errorf("got %v, want %v", detection, want)
	}
}

func TestAnUnsuitablePictureIsBilled(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.rule(`{"outcome": "failed", "code": "FacePose"}`)
	_, err := newTestClient(account).Detect(context.Background(), "https://example.com/me.png")
	var unsuitable *UnsuitableError
	if !errors.As(err, &unsuitable) || unsuitable.Code != "InvalidFile.FacePose" {
		t.Errorf("got %v", err)
	}
	if billed := account.imagesBilled(); billed != 1 {
		t.Errorf("%d images billed, want 1", billed)
	}
}

func TestTheFirstSuitablePictureIsPicked(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.rule(`{"outcome": "failed", "code": "NoHuman", "image_url": "*/cat.png"}`)
	pictures := []string{"https://example.com/cat.png", "https://example.com/me.png"}
	imageURL, _, err := PickPortrait(context.Background(), newTestClient(account), pictures)
	if err != nil || imageURL != "https://example.com/me.png" {
		t.Errorf("got %q, %v", imageURL, err)
	}
}

func TestACallThatCanSucceedLaterIsRepeated(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"throttled":       `{"outcome": "error", "code": "RateQuota", "times": 2}`,
		"internal error":  `{"outcome": "error", "code": "InternalError", "times": 2}`,
		"bad gateway":     `{"fault": "bad_gateway", "times": 1}`,
		"lost connection": `{"fault": "reset", "times": 1}`,
		"silent service":  `{"fault": "stall", "times": 1}`,
	} {
		rule := rule
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := newAccount(t)
			account.rule(rule)
			if _, err := newTestClient(account).Detect(context.Background(), "https://example.com/me.png"); err != nil {
				t.Fatal(err)
			}
			if billed := account.imagesBilled(); billed != 1 {
				t.Errorf("%d images billed, want 1", billed)
			}
		})
	}
}

func TestAnOverloadedServiceIsLeftAloneAfterFourAttempts(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.rule(`{"outcome": "error", "code": "RateQuota"}`)
	_, err := newTestClient(account).Detect(context.Background(), "https://example.com/me.png")
	var refused *ServiceError
	if !errors.As(err, &refused) || refused.Code != "Throttling.RateQuota" {
		t.Errorf("got %v", err)
	}
}

func TestARefusalThatStaysTheSameIsNotRepeated(t *testing.T) {
	t.Parallel()
	account := newAccount(t)
	account.rule(`{"outcome": "error", "code": "DataInspectionFailed"}`)
	_, err := newTestClient(account).Detect(context.Background(), "https://example.com/me.png")
	var refused *ServiceError
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
		t.Errorf("got %v", err)
	}
}

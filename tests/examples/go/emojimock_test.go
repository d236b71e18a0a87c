package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"testing"
)

// An account of the fake: rules, calls and bill of one key. It uses the control API, whose address `emoji-mock run`
// sets as EMOJI_MOCK_URL; `emoji-mock serve` listens on port 8000.
type account struct {
	t    *testing.T
	name string
}

// newAccount returns an account of the test's own, which fails the test if the client did something wrong.
func newAccount(t *testing.T) *account {
	t.Helper()
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	a := &account{t: t, name: hex.EncodeToString(random)}
	t.Cleanup(func() {
		var verdict struct {
			Findings []struct{ Name, Done, Instead string }
		}
		a.ask(http.MethodGet, "verdict", nil, &verdict)
		for _, finding := range verdict.Findings {
			t.Errorf("%s: %s. %s", finding.Name, finding.Done, finding.Instead)
		}
	})
	return a
}

func (a *account) key() string { return "sk-mock-" + a.name }

// rule sets the answers to the next calls.
func (a *account) rule(rule string) {
	a.t.Helper()
	a.ask(http.MethodPost, "rules", []byte(rule), &struct{}{})
}

// imagesBilled returns what the account would have paid for.
func (a *account) imagesBilled() int {
	a.t.Helper()
	var ledger struct {
		Total struct {
			Images int `json:"images_billed"`
		}
	}
	a.ask(http.MethodGet, "ledger", nil, &ledger)
	return ledger.Total.Images
}

func (a *account) ask(method, route string, body []byte, answer any) {
	a.t.Helper()
	home := os.Getenv("EMOJI_MOCK_URL")
	if home == "" {
		home = "http://127.0.0.1:8000"
	}
	request, err := http.NewRequest(method, home+"/_mock/"+route+"?namespace="+a.name, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		a.t.Fatalf("%s: %s", route, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		a.t.Fatal(err)
	}
}

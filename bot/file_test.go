package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

const pngHead = "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR............................and so on"

// fileServer is a Bot API with one file, content, or an error of getFile.
func fileServer(t *testing.T, content string, status int, refusal string) *Receiver {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/bot"+testToken+"/getFile", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if refusal != "" {
			fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":"Bad Request: %s"}`, refusal)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"file_id":"d","file_path":"documents/a b?.png"}}`)
	})
	mux.HandleFunc("/file/bot"+testToken+"/documents/{name}", func(w http.ResponseWriter, req *http.Request) {
		if got := req.PathValue("name"); got != "a b?.png" {
			t.Errorf("asked for file %q", got)
		}
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		if got := req.Header.Get("Range"); got != "bytes=0-31" {
			t.Errorf("asked for %q", got)
		}
		http.ServeContent(w, req, "", testReader.now, strings.NewReader(content))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return newTestReceiver(t, server)
}

func TestFileHeadReadsTheBeginningOnly(t *testing.T) {
	head, err := fileServer(t, pngHead, 0, "").FileHead(t.Context(), "d", tickets.FileHead)
	if err != nil || string(head) != pngHead[:tickets.FileHead] {
		t.Errorf("%q, %v; want the first %d bytes", head, err, tickets.FileHead)
	}
}

func TestFileHeadTellsFaultsApart(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		refusal string
		want    error // nil: one that may pass
	}{
		"too big":     {0, "file is too big", errFileSize},
		"unknown":     {0, "wrong file_id", errFileGone},
		"for now":     {0, "wrong file_id or the file is temporarily unavailable", nil},
		"not there":   {404, "", errFileGone},
		"server down": {502, "", nil},
	} {
		_, err := fileServer(t, pngHead, c.status, c.refusal).FileHead(t.Context(), "d", 32)
		forGood := errors.Is(err, errFileGone) || errors.Is(err, errFileSize)
		if err == nil || (c.want == nil && forGood) || (c.want != nil && !errors.Is(err, c.want)) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestErrorsHoldNoToken asks where nobody listens, and from a base that is no
// address (P8).
func TestErrorsHoldNoToken(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fmt.Fprintf(w, "no such page: %s", req.URL.Path)
	}))
	t.Cleanup(page.Close)
	for name, server := range map[string]*httptest.Server{"closed": closed, "page": page} {
		r := newTestReceiver(t, server)
		_, updates := r.Updates(t.Context(), 0)
		_, head := r.FileHead(t.Context(), "d", 32)
		_, moved := r.Migrated(t.Context(), -1)
		for call, err := range map[string]error{
			"updates": updates, "head": head, "moved": moved,
			"press": r.AnswerPress(t.Context(), "1", "", false),
			"set":   r.SetWebhook(t.Context(), "https://x", "s"), "delete": r.DeleteWebhook(t.Context()),
		} {
			if err == nil || strings.Contains(err.Error(), "very-secret") {
				t.Errorf("%s, %s: %v", name, call, err)
			}
		}
	}
	if err := newTestReceiver(t, closed).clean(fmt.Errorf("%s: %w", testToken, context.Canceled)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not what it was", err)
	}
}

// TestDocumentsAreJudgedByContent looks at files whose names lie.
func TestDocumentsAreJudgedByContent(t *testing.T) {
	for name, c := range map[string]struct {
		head    string
		err     error
		mime    string
		refused dialog.Refusal
		fails   bool
		late    bool // it came long ago
		again   bool // the update has to come again
	}{
		"png":       {head: pngHead, mime: "image/png"},
		"jpeg":      {head: "\xFF\xD8\xFF\xE0\x00\x10JFIF" + strings.Repeat("\x00", 32), mime: "image/jpeg"},
		"gif":       {head: "GIF89a\x01\x00\x01\x00\x00\x00\x00;", mime: "image/gif"},
		"program":   {head: "MZ\x90", refused: dialog.RefusedType},
		"pdf":       {head: "%PDF-1.7", refused: dialog.RefusedType},
		"empty":     {refused: dialog.RefusedEmpty},
		"too big":   {err: errFileSize, refused: dialog.RefusedSize},
		"gone":      {err: errFileGone, refused: dialog.RefusedType},
		"no answer": {err: io.ErrUnexpectedEOF, fails: true, again: true},
		"never":     {err: io.ErrUnexpectedEOF, fails: true, late: true},
	} {
		in := NewIntake(IntakeConfig{Telegram: &quiet{head: []byte(c.head), headErr: c.err}, Policy: &tickets.Policy{}})
		input := dialog.Input{Date: time.Now(), File: &tickets.File{ID: "d", Kind: tickets.Document, Name: "shot.png"}}
		if c.late {
			in.started, input.Date = time.Time{}, input.Date.Add(-fileWait)
		}
		err := in.look(t.Context(), &input)
		switch {
		case c.fails:
			if err == nil || isRefusal(err) != c.again {
				t.Errorf("%s: %v", name, err)
			}
		case c.refused != "":
			if err != nil || input.Refused != c.refused || input.File != nil || input.FileName != "shot.png" {
				t.Errorf("%s: %+v, %v", name, input, err)
			}
		case err != nil || input.File == nil || input.File.Type != c.mime:
			t.Errorf("%s: %+v, %v", name, input.File, err)
		}
	}
}

func TestLimitOfFiles(t *testing.T) {
	for policy, want := range map[int64]int64{0: mostFetch, 5 << 20: 5 << 20, 1 << 30: mostFetch} {
		in := NewIntake(IntakeConfig{Policy: &tickets.Policy{Limits: tickets.Limits{FileBytes: policy}}})
		if got := in.mostBytes(); got != want {
			t.Errorf("policy %d: %d, want %d", policy, got, want)
		}
	}
}

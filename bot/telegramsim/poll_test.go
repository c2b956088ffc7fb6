package telegramsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-telegram/bot/models"
)

// reply is the Bot API's envelope.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call makes a JSON request of its own, for what the client does not show.
func (s *stage) call(method string, args map[string]any) reply {
	s.t.Helper()
	r, err := s.tryCall(method, args)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// tryCall is call for other goroutines than the test's.
func (s *stage) tryCall(method string, args map[string]any) (reply, error) {
	body, err := json.Marshal(args)
	if err != nil {
		return reply{}, err
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.url+"/bot"+token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	return do(req)
}

func do(req *http.Request) (reply, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	var r reply
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("%w: %s", err, raw)
	}
	return r, nil
}

// poll calls getUpdates; timeout is in seconds.
func (s *stage) poll(offset int64, timeout int) []models.Update {
	s.t.Helper()
	r := s.call("getUpdates", map[string]any{"offset": offset, "timeout": timeout})
	if !r.OK {
		s.t.Fatalf("getUpdates: %s", r.Description)
	}
	var list []models.Update
	if err := json.Unmarshal(r.Result, &list); err != nil {
		s.t.Fatal(err)
	}
	return list
}

// refuses checks the words and the code of refusals.
func (s *stage) refuses(list []refusal) {
	s.t.Helper()
	codes := map[string]int{"Bad Request": 400, "Forbidden": 403, "Not Found": 404, "Conflict": 409}
	for _, tc := range list {
		prefix, _, _ := strings.Cut(tc.want, ":")
		if r := s.call(tc.method, tc.args); r.OK || r.Description != tc.want || r.ErrorCode != codes[prefix] {
			s.t.Errorf("%s %v:\ngot  %d %s\nwant %d %s", tc.method, tc.args, r.ErrorCode, r.Description, codes[prefix], tc.want)
		}
	}
}

// result decodes what a call brought.
func (s *stage) result(r reply, dest any) {
	s.t.Helper()
	if !r.OK {
		s.t.Fatal(r.Description)
	}
	if err := json.Unmarshal(r.Result, dest); err != nil {
		s.t.Fatal(err)
	}
}

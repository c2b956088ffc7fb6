package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// API is the Bot API: the typed client of it, and calls past that one, which makes a
// form of all arguments and all of a message out of each answer: that costs more
// than the rest of a call. Time limits come with each call's context.
type API struct {
	*tg.Bot

	base   string
	client *Client
}

// NewAPI makes the client of the Bot API at a base URL. It calls nothing yet.
func NewAPI(token, baseURL string, client *Client, log *slog.Logger) (*API, error) {
	base := strings.TrimRight(baseURL, "/")
	typed, err := tg.New(token, tg.WithSkipGetMe(), tg.WithServerURL(base), tg.WithHTTPClient(time.Minute, client),
		tg.WithErrorsHandler(func(err error) { log.Warn("telegram client", "err", redact(token, err)) }))
	return &API{typed, base, client}, redact(token, err)
}

// sendMessage sends a text, and gives the message's ID.
func (a *API) sendMessage(ctx context.Context, args *tg.SendMessageParams) (int64, error) {
	body, err := a.post(ctx, "sendMessage", args)
	if err != nil {
		return 0, err
	}
	if id, ok := madeMessage(body); ok {
		return id, nil
	}
	var m struct {
		ID int64 `json:"message_id"`
	}
	return m.ID, resultOf("sendMessage", body, &m)
}

// made is how the Bot API's answer of a call that has made a message begins. One
// that began otherwise would only be read for longer.
const made = `{"ok":true,"result":{"message_id":`

// madeMessage is the ID of the message that a call has made, without a look at all
// the rest.
func madeMessage(body []byte) (id int64, ok bool) {
	rest, ok := bytes.CutPrefix(body, []byte(made))
	if !ok {
		return 0, false
	}
	for i, c := range rest {
		if c < '0' || c > '9' {
			return id, i > 0 && (c == ',' || c == '}')
		}
		id = 10*id + int64(c-'0')
	}
	return 0, false
}

// post makes a call with arguments that hold no file, and gives the answer's body.
func (a *API) post(ctx context.Context, method string, args any) ([]byte, error) {
	body, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/bot"+a.Token()+"/"+method, bytes.NewReader(body))
	if err != nil {
		return nil, &transportError{unsent: true, err: redact(a.Token(), err)}
	}
	req.Header.Set("Content-Type", asJSON)
	_, body, err = a.client.fetch(req)
	return body, err
}

// answer is what the Bot API says of any call.
type answer struct {
	OK          bool
	Result      json.RawMessage
	Description string
	Code        int `json:"error_code"`
	Parameters  struct {
		After    int `json:"retry_after"`
		Migrated int `json:"migrate_to_chat_id"`
	}
}

// resultOf reads a call's result, or gives its refusal as the typed client does.
func resultOf(method string, body []byte, result any) error {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("%s: an unreadable answer of %d bytes", method, len(body))
	}
	if a.OK {
		if json.Unmarshal(a.Result, result) != nil {
			return fmt.Errorf("%s: an unreadable result of %d bytes", method, len(a.Result))
		}
		return nil
	}
	switch kind, known := refusalKinds[a.Code]; {
	case a.Parameters.Migrated != 0:
		return &tg.MigrateError{Message: method + ": " + a.Description, MigrateToChatID: a.Parameters.Migrated}
	case a.Code == http.StatusTooManyRequests:
		return &tg.TooManyRequestsError{Message: method + ": " + a.Description, RetryAfter: a.Parameters.After}
	case known:
		return fmt.Errorf("%s: %w: %s", method, kind, a.Description)
	default:
		return &oddRefusal{fmt.Errorf("%s: %d %s", method, a.Code, a.Description)}
	}
}

var refusalKinds = map[int]error{
	http.StatusUnauthorized: tg.ErrorUnauthorized, http.StatusNotFound: tg.ErrorNotFound, http.StatusConflict: tg.ErrorConflict,
	http.StatusBadRequest: tg.ErrorBadRequest, http.StatusForbidden: tg.ErrorForbidden,
}

// oddRefusal is a refusal with a code that the typed client has no error for.
type oddRefusal struct{ error }

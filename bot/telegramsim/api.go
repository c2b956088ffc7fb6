package telegramsim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// method is one call of the Bot API, run under the world's lock.
type method func(c *call) (any, error)

// methodTable is the whole Bot API that the world knows, by name in small
// letters. getUpdates is not among them, as it may wait.
func methodTable() map[string]method {
	return map[string]method{
		"getme":                     getMe,
		"setwebhook":                setWebhook,
		"deletewebhook":             deleteWebhook,
		"getwebhookinfo":            getWebhookInfo,
		"sendmessage":               sendMessage,
		"sendphoto":                 sendFile("photo"),
		"senddocument":              sendFile("document"),
		"sendanimation":             sendFile("animation"),
		"sendvideo":                 sendFile("video"),
		"sendvoice":                 sendFile("voice"),
		"sendsticker":               sendFile("sticker"),
		"sendmediagroup":            sendMediaGroup,
		"copymessage":               copyMessage,
		"copymessages":              copyMessages,
		"forwardmessage":            forwardMessage,
		"editmessagetext":           editMessageText,
		"editmessagecaption":        editMessageCaption,
		"editmessagemedia":          editMessageMedia,
		"editmessagereplymarkup":    editMessageReplyMarkup,
		"deletemessage":             deleteMessage,
		"deletemessages":            deleteMessages,
		"pinchatmessage":            pinChatMessage,
		"unpinchatmessage":          unpinChatMessage,
		"answercallbackquery":       answerCallbackQuery,
		"setmessagereaction":        setMessageReaction,
		"sendchataction":            sendChatAction,
		"getfile":                   getFile,
		"getchat":                   getChat,
		"getchatmember":             getChatMember,
		"getchatadministrators":     getChatAdministrators,
		"leavechat":                 leaveChat,
		"createforumtopic":          createForumTopic,
		"editforumtopic":            editForumTopic,
		"closeforumtopic":           closeForumTopic,
		"reopenforumtopic":          reopenForumTopic,
		"deleteforumtopic":          deleteForumTopic,
		"getforumtopiciconstickers": getForumTopicIconStickers,
		"setmycommands":             setMyCommands,
		"getmycommands":             getMyCommands,
		"deletemycommands":          deleteMyCommands,
	}
}

// Names known to the Bot API are matched in any case.
const getUpdatesName = "getupdates"

// apiError is a refusal as the Bot API words it.
type apiError struct {
	Code       int
	Text       string
	RetryAfter int
	MigrateTo  int64
}

func (e *apiError) Error() string { return e.Text }

func badRequest(text string) error {
	return &apiError{Code: http.StatusBadRequest, Text: "Bad Request: " + text}
}

func forbidden(text string) error {
	return &apiError{Code: http.StatusForbidden, Text: "Forbidden: " + text}
}

// Handler serves the Bot API: /bot<token>/METHOD and /file/bot<token>/PATH.
func (w *World) Handler() http.Handler {
	return http.HandlerFunc(w.serve)
}

func (w *World) serve(rw http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		token, file, _ := strings.Cut(path, "/")
		w.serveFile(rw, r, token, file)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/bot")
	if !ok {
		writeAnswer(rw, nil, &apiError{Code: http.StatusNotFound, Text: "Not Found"})
		return
	}
	token, name, _ := strings.Cut(path, "/")
	b := w.botByToken(token)
	if b == nil {
		writeAnswer(rw, nil, &apiError{Code: http.StatusUnauthorized, Text: "Unauthorized"})
		return
	}
	c, err := w.readCall(b, name, rw, r)
	if err != nil {
		writeAnswer(rw, nil, err)
		return
	}
	w.answer(rw, r, c)
}

// answer runs a call, past the fault hook, and writes what comes of it.
func (w *World) answer(rw http.ResponseWriter, r *http.Request, c *call) {
	if w.faultBefore(rw, r, c) {
		return
	}
	result, err := w.run(r.Context(), c)
	w.tellWitness(r, c, true, result, err)
	if r.Context().Err() != nil || w.faultAfter(rw, r, c) {
		return
	}
	writeAnswer(rw, result, err)
}

func (w *World) botByToken(token string) *Bot {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.byToken[token]
}

// run carries a call out.
func (w *World) run(ctx context.Context, c *call) (any, error) {
	if c.method == getUpdatesName {
		return getUpdates(ctx, c)
	}
	m := w.methods[c.method]
	if m == nil {
		return nil, &apiError{Code: http.StatusNotFound, Text: "Not Found: method not found"}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.checkLimits(c); err != nil {
		return nil, err
	}
	return m(c)
}

// writeAnswer writes the Bot API's envelope.
func writeAnswer(rw http.ResponseWriter, result any, err error) {
	rw.Header().Set("Content-Type", "application/json")
	if err != nil {
		writeError(rw, err)
		return
	}
	raw, ok := result.(json.RawMessage) // is JSON already
	if !ok {
		raw, err = json.Marshal(result)
		if err != nil {
			writeError(rw, err)
			return
		}
	}
	body := make([]byte, 0, len(raw)+24)
	body = append(body, `{"ok":true,"result":`...)
	body = append(body, raw...)
	body = append(body, '}')
	_, _ = rw.Write(body) // a client that went away is no fault of ours
}

type errorBody struct {
	OK          bool        `json:"ok"`
	ErrorCode   int         `json:"error_code"`
	Description string      `json:"description"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

func writeError(rw http.ResponseWriter, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{Code: http.StatusInternalServerError, Text: "Internal Server Error: " + err.Error()}
	}
	body := errorBody{ErrorCode: e.Code, Description: e.Text}
	if e.RetryAfter != 0 || e.MigrateTo != 0 {
		body.Parameters = &parameters{RetryAfter: e.RetryAfter, MigrateTo: e.MigrateTo}
	}
	if e.RetryAfter > 0 {
		rw.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	rw.WriteHeader(e.Code)
	_ = json.NewEncoder(rw).Encode(body)
}

func getMe(c *call) (any, error) {
	return c.bot.self(), nil
}

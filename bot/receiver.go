package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// allowedUpdates names every kind of update that the bot uses. It is always
// sent, because Telegram otherwise keeps the list of the last call, and leaves
// reactions out of its own.
var allowedUpdates = []string{
	models.AllowedUpdateMessage,
	models.AllowedUpdateEditedMessage,
	models.AllowedUpdateCallbackQuery,
	models.AllowedUpdateMyChatMember,
	models.AllowedUpdateMessageReaction,
}

const (
	pollTimeout = 50 * time.Second // the longest that the Bot API allows
	pollLimit   = 100              // updates in one answer, the most there are
	callTimeout = 10 * time.Second // any other call
	mostHooks   = 100              // webhook connections, the most there are
)

// Telegram is what the intake asks of the Bot API. Receiver is the real one.
// Errors hold no token.
type Telegram interface {
	// Updates waits for updates from an offset on, as they came; 0: from the
	// first that is not confirmed. An offset confirms all before it.
	Updates(ctx context.Context, offset int64) ([]json.RawMessage, error)
	// AnswerPress ends the waiting of a pressed button. The text may be empty.
	AnswerPress(ctx context.Context, id, text string, alert bool) error
	// FileHead reads the first bytes of a file. errFileGone and errFileSize
	// are for good; other errors may pass.
	FileHead(ctx context.Context, fileID string, bytes int) ([]byte, error)
	// Member tells whether somebody is in a chat. errOutside: the bot is not, and
	// nobody tells.
	Member(ctx context.Context, chat, user int64) (bool, error)
	// Admins lists the administrators of a group.
	Admins(ctx context.Context, group int64) ([]models.User, error)
	// Migrated tells which supergroup a group has become; 0: none.
	Migrated(ctx context.Context, group int64) (int64, error)
	SetWebhook(ctx context.Context, url, secret string) error
	DeleteWebhook(ctx context.Context) error
}

var (
	errFileGone = errors.New("the file cannot be had")
	errFileSize = errors.New("the file is too big to be fetched")
)

// Receiver reads from Telegram: the typed client, and the two reads that it
// has no method for. The typed client confirms updates before they are
// handled, so its polling is not used (P1).
type Receiver struct{ api *API }

// NewReceiver reads from the Bot API.
func NewReceiver(api *API) *Receiver { return &Receiver{api} }

// Updates is one long poll.
func (r *Receiver) Updates(ctx context.Context, offset int64) (list []json.RawMessage, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout+callTimeout)
	defer cancel()
	body, err := r.api.post(ctx, "getUpdates", map[string]any{
		"offset": offset, "limit": pollLimit, "timeout": int(pollTimeout.Seconds()),
		"allowed_updates": allowedUpdates,
	})
	if err == nil {
		err = resultOf("getUpdates", body, &list)
	}
	return list, r.clean(err)
}

// AnswerPress answers a callback query.
func (r *Receiver) AnswerPress(ctx context.Context, id, text string, alert bool) error {
	_, err := r.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: id, Text: text, ShowAlert: alert})
	return r.clean(err)
}

// FileHead asks where the file is and reads its beginning. The address holds
// the token, so it stays in here (P8).
func (r *Receiver) FileHead(ctx context.Context, fileID string, n int) ([]byte, error) {
	f, err := r.api.GetFile(ctx, &tg.GetFileParams{FileID: fileID})
	if err != nil {
		return nil, r.clean(fileError(err))
	}
	path := (&url.URL{Path: "/" + f.FilePath}).EscapedPath()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.api.base+"/file/bot"+r.api.Token()+path, nil)
	if err != nil {
		return nil, r.clean(err)
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=0-%d", n-1))
	resp, err := r.api.client.Do(req)
	if err != nil {
		return nil, r.clean(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK, http.StatusPartialContent:
	case http.StatusRequestedRangeNotSatisfiable: // no byte at all
		return nil, nil
	case http.StatusNotFound, http.StatusForbidden, http.StatusGone:
		return nil, errFileGone
	default:
		return nil, fmt.Errorf("download of a file: HTTP status %d", resp.StatusCode)
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, int64(n)))
	return head, r.clean(err)
}

// fileError tells refusals of getFile that are for good from those that pass.
func fileError(err error) error {
	switch {
	case !errors.Is(err, tg.ErrorBadRequest) && !errors.Is(err, tg.ErrorNotFound) && !errors.Is(err, tg.ErrorForbidden):
		return err
	case strings.Contains(err.Error(), "too big"):
		return errFileSize
	case strings.Contains(err.Error(), "temporarily unavailable"):
		return err
	default:
		return errFileGone
	}
}

// Migrated asks for a group's administrators, which fails with its successor's
// ID where it has become a supergroup. To getChat a group is there for ever.
func (r *Receiver) Migrated(ctx context.Context, group int64) (int64, error) {
	_, err := r.api.GetChatAdministrators(ctx, &tg.GetChatAdministratorsParams{ChatID: group})
	var moved *tg.MigrateError
	if errors.As(err, &moved) {
		return int64(moved.MigrateToChatID), nil
	}
	if errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorForbidden) {
		return 0, nil // there is no such group, or the bot is not in it: it has become nothing
	}
	return 0, r.clean(err)
}

// errOutside says that the bot is not in a chat.
var errOutside = errors.New("the bot is not in the chat")

// Member asks for somebody's standing in a chat. Whom Telegram does not know
// there is none.
func (r *Receiver) Member(ctx context.Context, chat, user int64) (bool, error) {
	m, err := r.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: chat, UserID: user})
	switch {
	case errors.Is(err, tg.ErrorForbidden):
		return false, errOutside
	case errors.Is(err, tg.ErrorBadRequest):
		return false, nil
	case err != nil:
		return false, r.clean(err)
	}
	return isIn(*m), nil
}

// Admins lists the administrators of a group.
func (r *Receiver) Admins(ctx context.Context, group int64) ([]models.User, error) {
	list, err := r.api.GetChatAdministrators(ctx, &tg.GetChatAdministratorsParams{ChatID: group})
	if err != nil {
		return nil, r.clean(err)
	}
	var out []models.User
	for _, m := range list {
		switch {
		case m.Owner != nil && m.Owner.User != nil:
			out = append(out, *m.Owner.User)
		case m.Administrator != nil:
			out = append(out, m.Administrator.User)
		}
	}
	return out, nil
}

// SetWebhook has Telegram bring updates to a URL.
func (r *Receiver) SetWebhook(ctx context.Context, url, secret string) error {
	_, err := r.api.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: url, SecretToken: secret, AllowedUpdates: allowedUpdates, MaxConnections: mostHooks,
	})
	return r.clean(err)
}

// DeleteWebhook makes polling possible. Waiting updates are kept.
func (r *Receiver) DeleteWebhook(ctx context.Context) error {
	_, err := r.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
	return r.clean(err)
}

// clean takes the token out of an error's text and keeps what it is (P8).
func (r *Receiver) clean(err error) error { return redact(r.api.Token(), err) }

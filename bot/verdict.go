package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// fate is what an error of a send means for what was sent.
type fate int

const (
	fateDone      fate = iota // no error, or one that says that the work is done
	fateUnsent                // surely not sent, and worth trying again
	fateLimited               // 429: surely not sent
	fateUnknown               // nobody knows (P2)
	fateBlocked               // 403: the reader does not want to hear from the bot
	fateNoChat                // the chat does not exist
	fateNoTopic               // the topic was deleted
	fateNoForum               // topics cannot be made here
	fateMigrated              // the group has become a supergroup
	fateNotText               // an edit of a text met a caption
	fateGone                  // what was to be copied is not there, or cannot be copied
	fateBad                   // any other 4xx
	fateNoAccount             // 401, 404: the token is not accepted
)

// verdict is what an error means, and what it carries.
type verdict struct {
	fate  fate
	after time.Duration // with fateLimited
	moved int64         // with fateMigrated: the new chat
}

// classify judges an error of the typed client. Descriptions are matched, as
// the Bot API has no finer codes; they were read in its server's source.
func classify(err error) verdict {
	if err == nil {
		return verdict{}
	}
	var read *unsentError
	if errors.As(err, &read) {
		v := classify(read.err)
		if v.fate == fateUnknown {
			v.fate = fateUnsent
		}
		return v
	}
	var (
		limited   *tg.TooManyRequestsError
		migrated  *tg.MigrateError
		transport *transportError
	)
	switch {
	case errors.As(err, &limited):
		return verdict{fate: fateLimited, after: time.Duration(max(1, limited.RetryAfter)) * time.Second}
	case errors.As(err, &migrated):
		return verdict{fate: fateMigrated, moved: int64(migrated.MigrateToChatID)}
	case errors.As(err, new(*panicked)), errors.As(err, new(*oddRefusal)):
		return verdict{fate: fateBad}
	case errors.As(err, &transport):
		if transport.unsent {
			return verdict{fate: fateUnsent}
		}
		return verdict{fate: fateUnknown}
	case errors.Is(err, tg.ErrorForbidden):
		return verdict{fate: fateBlocked}
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return verdict{fate: fateNoAccount}
	case errors.Is(err, tg.ErrorBadRequest), errors.Is(err, tg.ErrorConflict):
		return verdict{fate: fateOf(err.Error())}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return verdict{fate: fateUnknown}
	}
	return otherCode(err)
}

// descriptions tell kinds of 400 apart; the first that fits counts.
var descriptions = []struct {
	part string
	fate fate
}{
	{"message is not modified", fateDone},
	{"message to edit not found", fateDone},
	{"message can't be edited", fateDone},
	{"MESSAGE_ID_INVALID", fateDone},
	{"TOPIC_NOT_MODIFIED", fateDone},
	{"message thread not found", fateNoTopic},
	{"TOPIC_DELETED", fateNoTopic},
	{"TOPIC_ID_INVALID", fateNoTopic},
	{"the chat is not a forum", fateNoForum},
	{"not enough rights to create a topic", fateNoForum},
	{"message to copy not found", fateGone},
	{"there are no messages to copy", fateGone},
	{"message can't be copied", fateGone},
	{"chat not found", fateNoChat},
	{"PEER_ID_INVALID", fateNoChat},
	{"group chat was deactivated", fateNoChat},
	{"USER_IS_BLOCKED", fateBlocked},
	{"user is deactivated", fateBlocked},
	{"there is no text in the message to edit", fateNotText},
}

func fateOf(text string) fate {
	for _, d := range descriptions {
		if strings.Contains(text, d.part) {
			return d.fate
		}
	}
	return fateBad
}

// isGone tells whether an edit found no message, or another bot's.
func isGone(err error) bool {
	return err != nil && errors.Is(err, tg.ErrorBadRequest) && (strings.Contains(err.Error(), "message to edit not found") ||
		strings.Contains(err.Error(), "MESSAGE_ID_INVALID") || strings.Contains(err.Error(), "message can't be edited"))
}

// refusals tell which right a bot lacks, by the name of its text.
var refusals = []struct{ part, right string }{
	{"not enough rights to create a topic", "right.topics"},
	{"not enough rights to edit the topic", "right.topics"},
	{"not enough rights to close or open the topic", "right.topics"},
	{"TOPIC_CLOSED", "right.topics"}, // whoever manages topics may write into closed ones
	{"not enough rights to manage pinned messages", "right.pin"},
	{"not enough rights to pin a message", "right.pin"},
	{"message can't be deleted", "right.delete"},
	{"not enough rights to send", "right.send"},
	{"have no rights to send a message", "right.send"},
	{"CHAT_WRITE_FORBIDDEN", "right.send"},
	{"CHAT_ADMIN_REQUIRED", "right.admin"},
	{"need administrator rights", "right.admin"},
}

// lackOf finds the right for want of which a call was refused; "": that was not
// why.
func lackOf(err error) string {
	if err == nil || !errors.Is(err, tg.ErrorBadRequest) && !errors.Is(err, tg.ErrorForbidden) {
		return ""
	}
	for _, r := range refusals {
		if strings.Contains(err.Error(), r.part) {
			return r.right
		}
	}
	return ""
}

// otherCode judges what the typed client gives as text only: codes that it has
// no error for are in the middle of it. A broken answer to a call that may have
// been carried out is unknown.
func otherCode(err error) verdict {
	if strings.Contains(err.Error(), "error response from telegram for method ") {
		return verdict{fate: fateBad}
	}
	return verdict{fate: fateUnknown}
}

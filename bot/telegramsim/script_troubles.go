package telegramsim

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Trouble is what can go wrong with a call.
type Trouble string

// The troubles. Those that refuse a reader for good say so to whoever is
// refused, and nothing is tried again.
const (
	TooManyHere        Trouble = "429 in one chat"
	TooManyEverywhere  Trouble = "429 everywhere"
	NotModified        Trouble = "400 not modified"
	EditNotFound       Trouble = "400 to edit not found"
	CopyNotFound       Trouble = "400 to copy not found"
	ChatNotFound       Trouble = "400 chat not found"
	OddRefusal         Trouble = "400 of a new kind"
	FileUnavailable    Trouble = "400 file unavailable"
	QueryTooOld        Trouble = "400 query too old"
	Blocked            Trouble = "403 blocked"
	Deactivated        Trouble = "403 deactivated"
	Kicked             Trouble = "403 kicked"
	ServerError        Trouble = "500"
	ServerErrorAfter   Trouble = "500 after the effect"
	BadGateway         Trouble = "502 in HTML"
	BadGatewayAfter    Trouble = "502 in HTML after the effect"
	ResetBefore        Trouble = "reset before the effect"
	ResetAfter         Trouble = "reset after the effect"
	ResetAtOnce        Trouble = "reset before the request"
	ConnectionsRefused Trouble = "connections refused"
	Hang               Trouble = "hanging before the effect"
	HangAfter          Trouble = "hanging after the effect"
	Slow               Trouble = "slow"
)

// hangs is longer than a client waits.
const hangs = time.Minute

const gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"

// troubleKind is a trouble with what it fits and what it does.
type troubleKind struct {
	Trouble
	fits   func(Call) bool
	strike func(*rand.Rand) Outcome
	part   uint64 // of the chats, one in so many is met by a spell; 0: all
}

// troubles is the table of all. The first that the dice fall on strikes.
var troubles = []troubleKind{
	{TooManyHere, sends, tooManyFor, 3},
	{TooManyEverywhere, anything, tooManyFor, 0},
	{NotModified, isMethod("editmessage"), refuses(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"), 0},
	{EditNotFound, isMethod("editmessage"), refuses(400, "Bad Request: message to edit not found"), 0},
	{CopyNotFound, isMethod("copymessage"), refuses(400, "Bad Request: message to copy not found"), 0},
	{ChatNotFound, toSomebody, refuses(400, "Bad Request: chat not found"), 3},
	{OddRefusal, sends, refuses(400, "Bad Request: SOMETHING_NEW_INVALID"), 0},
	{FileUnavailable, isMethod("getfile"), refuses(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), 0},
	{QueryTooOld, isMethod("answercallbackquery"), refuses(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), 0},
	{Blocked, toSomebody, refuses(403, "Forbidden: bot was blocked by the user"), 3},
	{Deactivated, toSomebody, refuses(403, "Forbidden: user is deactivated"), 3},
	{Kicked, toGroup, refuses(403, "Forbidden: bot was kicked from the supergroup chat"), 0},
	{ServerError, anything, answers(Outcome{Status: http.StatusInternalServerError, Body: `{"ok":false,"error_code":500,"description":"Internal Server Error"}`}), 0},
	{ServerErrorAfter, anything, answers(Outcome{AfterEffect: true, Status: http.StatusInternalServerError, Body: `{"ok":false,"error_code":500,"description":"Internal Server Error"}`}), 0},
	{BadGateway, anything, answers(Outcome{Status: http.StatusBadGateway, Body: gatewayPage}), 0},
	{BadGatewayAfter, anything, answers(Outcome{AfterEffect: true, Status: http.StatusBadGateway, Body: gatewayPage}), 0},
	{ResetBefore, anything, answers(Outcome{Drop: true}), 0},
	{ResetAfter, anything, answers(Outcome{AfterEffect: true, Drop: true}), 0},
	{ConnectionsRefused, nothing, answers(Outcome{}), 0}, // see Storm.Refused
	{Hang, anything, answers(Outcome{Delay: hangs, Drop: true}), 0},
	{HangAfter, anything, answers(Outcome{AfterEffect: true, Delay: hangs, Drop: true}), 0},
	{Slow, anything, slowly, 0},
}

func kindOfTrouble(t Trouble) troubleKind {
	for _, k := range troubles {
		if k.Trouble == t {
			return k
		}
	}
	panic("telegramsim: unknown trouble " + string(t))
}

// meets tells whether a spell's part of the chats holds the call's.
func (k troubleKind) meets(c Call, s spell) bool {
	if k.part == 0 {
		return true
	}
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, c.Chat())
	return (h.Sum64()>>8^s.dice)%k.part == 0
}

func anything(Call) bool { return true }
func nothing(Call) bool  { return false }

func isMethod(prefix string) func(Call) bool {
	return func(c Call) bool { return strings.HasPrefix(c.Method, prefix) }
}

// sends tells calls that make or change messages.
func sends(c Call) bool {
	switch c.Method {
	case "sendchataction", "answercallbackquery":
		return false
	}
	return c.Chat() != 0 && !strings.HasPrefix(c.Method, "get") && !strings.HasPrefix(c.Method, "set")
}

func toSomebody(c Call) bool { return sends(c) && c.Chat() > 0 }
func toGroup(c Call) bool    { return sends(c) && c.Chat() < 0 }

func answers(o Outcome) func(*rand.Rand) Outcome { return func(*rand.Rand) Outcome { return o } }

func refuses(code int, text string) func(*rand.Rand) Outcome { return answers(Refuse(code, text, "")) }

func tooManyFor(dice *rand.Rand) Outcome {
	n := 1 + dice.IntN(8)
	return Refuse(429, fmt.Sprintf("Too Many Requests: retry after %d", n), fmt.Sprintf(`{"retry_after":%d}`, n))
}

// slowly is slow, and still within what a client waits.
func slowly(dice *rand.Rand) Outcome {
	return Outcome{Delay: time.Second + time.Duration(dice.Int64N(int64(7*time.Second)))}
}

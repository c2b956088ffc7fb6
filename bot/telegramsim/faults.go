package telegramsim

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// DownloadMethod is the name under which faults see the download of a file.
const DownloadMethod = "download"

// Fault looks at a call of the Bot API and says what goes wrong with it. The
// zero Outcome lets it pass. It is called from many goroutines at once.
type Fault func(Call) Outcome

// Call is a request to the Bot API as a Fault sees it.
type Call struct {
	// Bot is the bot's user ID.
	Bot int64
	// Method is the name in small letters, such as "sendmessage".
	Method string
	// Args are the arguments; nested ones as JSON text. Read only.
	Args map[string]string
}

// Thread is the argument message_thread_id as a number, 0 without one.
func (c Call) Thread() int {
	id, _ := strconv.Atoi(c.Args["message_thread_id"])
	return id
}

// Chat is the argument chat_id as a number, 0 without one.
func (c Call) Chat() int64 {
	id, _ := strconv.ParseInt(c.Args["chat_id"], 10, 64)
	return id
}

// Outcome is what goes wrong with a call.
type Outcome struct {
	// AfterEffect lets the call do its work first: the message is sent, but the
	// bot does not learn of it.
	AfterEffect bool
	// Delay is waited before the answer, by the world's timer.
	Delay time.Duration
	// Drop breaks the connection without an answer.
	Drop bool
	// Status and Body answer in place of the call, when Status is not 0. The Body
	// need not be JSON.
	Status int
	Body   string
}

// Refuse is an Outcome in the Bot API's own form, such as
// Refuse(429, "Too Many Requests: retry after 5", `{"retry_after":5}`); parameters
// may be empty.
func Refuse(code int, description, parameters string) Outcome {
	body := `{"ok":false,"error_code":` + strconv.Itoa(code) + `,"description":` + strconv.Quote(description)
	if parameters != "" {
		body += `,"parameters":` + parameters
	}
	return Outcome{Status: code, Body: body + "}"}
}

// SetFault sets what goes wrong from now on; nil ends all faults.
func (w *World) SetFault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

// faultBefore asks the fault hook once for a call, and tells whether the call
// was answered instead of carried out.
func (w *World) faultBefore(rw http.ResponseWriter, r *http.Request, c *call) bool {
	w.mu.Lock()
	f := w.fault
	w.mu.Unlock()
	if f == nil {
		return false
	}
	c.outcome = f(Call{Bot: c.bot.user.ID, Method: c.method, Args: c.fields})
	if c.outcome.AfterEffect {
		return false
	}
	if c.outcome.Drop || c.outcome.Status != 0 {
		w.tellWitness(r, c, false, nil, nil)
	}
	return w.fail(rw, r, c.outcome)
}

// faultAfter tells whether a call that was carried out has been answered by the
// fault.
func (w *World) faultAfter(rw http.ResponseWriter, r *http.Request, c *call) bool {
	return c.outcome.AfterEffect && w.fail(rw, r, c.outcome)
}

// fail carries a fault out. A mere delay leaves the call to be answered.
func (w *World) fail(rw http.ResponseWriter, r *http.Request, o Outcome) bool {
	if o.Delay > 0 {
		select {
		case <-w.after(o.Delay):
		case <-r.Context().Done():
		case <-w.closed:
		}
	}
	if o.Drop {
		panic(http.ErrAbortHandler) // the server closes the connection without a word
	}
	if o.Status == 0 {
		return false
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(o.Status)
	_, _ = io.WriteString(rw, o.Body)
	return true
}

package tickets

import "time"

// Message is what a chat shows, without a word of prose: text keys with their
// values. It is rendered in the reader's language when it is sent.
type Message struct {
	Text     []Line     `json:"text,omitempty"`
	Buttons  [][]Button `json:"buttons,omitempty"`  // under the message
	Keyboard *Keyboard  `json:"keyboard,omitempty"` // in place of the letters; nil leaves it as it is
	Files    []File     `json:"files,omitempty"`    // sent together where the chat allows it
}

// Line is one paragraph: a text key and the values that go into it.
type Line struct {
	Key  string `json:"key"`
	Args Args   `json:"args,omitempty"`
}

// Say is a message of one line.
func Say(key string, args Args) Message {
	return Message{Text: []Line{{key, args}}}
}

// Args are the values that a text names.
type Args map[string]Arg

// Arg is one value. Exactly one of its fields is set; the zero Arg is the
// empty text. Use the constructors.
type Arg struct {
	Text  string     `json:"s,omitempty"` // somebody's words, shown as they are
	Count *int64     `json:"n,omitempty"` // chooses the plural too
	Time  *time.Time `json:"t,omitempty"` // shown in the desk's time zone
	Key   string     `json:"k,omitempty"` // another text
	Words Words      `json:"w,omitempty"` // the policy's words
}

// Text is an argument shown as it is.
func Text(s string) Arg { return Arg{Text: s} }

// Count is a number.
func Count[N int | int64](n N) Arg {
	v := int64(n)
	return Arg{Count: &v}
}

// Time is an instant, shown in the desk's time zone.
func Time(t time.Time) Arg { return Arg{Time: &t} }

// Key is another text, by its key.
func Key(key string) Arg { return Arg{Key: key} }

// Of is a text of the policy.
func Of(w Words) Arg { return Arg{Words: w} }

// Button is a button under a message: a press sends Data back, or a URL opens.
type Button struct {
	Label Line   `json:"label"`
	Data  string `json:"data,omitempty"` // see Press.Encode; at most 64 bytes
	URL   string `json:"url,omitempty"`
}

// Keyboard stands in place of the letters. An empty one takes the present one
// away.
type Keyboard struct {
	Rows [][]KeyboardKey `json:"rows,omitempty"`
}

// KeyboardKey is a button of a Keyboard. A press types its label, or shares the
// customer's own contact.
type KeyboardKey struct {
	Label        Line `json:"label"`
	ShareContact bool `json:"share,omitempty"`
}

// FileKind is how a file came and is sent on.
type FileKind string

// The kinds of files.
const (
	Photo     FileKind = "photo"     // compressed by the messenger, always JPEG
	Document  FileKind = "document"  // as it was
	Animation FileKind = "animation" // a GIF, which the messenger turns into MP4
)

// File is a screenshot that the messenger keeps.
type File struct {
	ID      string   `json:"id"`      // the messenger's handle
	Unique  string   `json:"unique"`  // the same for the same content
	Kind    FileKind `json:"kind"`    //
	Name    string   `json:"name"`    // of a document
	Size    int64    `json:"size"`    // bytes; 0 where not told
	Type    string   `json:"type"`    // media type, by content
	Message int64    `json:"message"` // that brought it
}

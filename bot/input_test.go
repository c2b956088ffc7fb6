package bot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

var testReader = reader{
	username: "TheBot", most: 1000, now: time.Unix(1_800_000_000, 0).UTC(),
	label: func(l string) (string, bool) { return "key.back", l == "Назад" },
}

// message is a private message with more fields.
func message(fields string) string {
	return `{"update_id":11,"message":{"message_id":7,"date":1700000000,"chat":{"id":5,"type":"private"},
		"from":{"id":5,"first_name":"Eva","last_name":"Li","username":"evali","language_code":"en-GB"}` + fields + `}}`
}

// typed is a message with a text and a bot_command entity.
func typed(text string, offset, length int) string {
	return message(fmt.Sprintf(`,"text":%q,"entities":[{"type":"bot_command","offset":%d,"length":%d}]`, text, offset, length))
}

func read(t *testing.T, body string) (dialog.Input, bool) {
	t.Helper()
	r, err := receive([]byte(body))
	if err != nil || r.broken != nil {
		t.Fatalf("%v %v\n%s", err, r.broken, body)
	}
	return testReader.read(r)
}

func TestReadsWhatACustomerDid(t *testing.T) {
	eva := dialog.Person{ID: 5, Name: "Eva Li", Nick: "evali", Tag: "en-GB"}
	in := func(kind dialog.Kind, fill func(*dialog.Input)) dialog.Input {
		want := dialog.Input{Update: tickets.Update{ID: 11, Chat: 5, Message: 7}, From: eva, Kind: kind,
			Message: 7, Date: time.Unix(1700000000, 0).UTC()}
		if fill != nil {
			fill(&want)
		}
		return want
	}
	text := func(s string) func(*dialog.Input) { return func(i *dialog.Input) { i.Text = s } }
	command := func(name, text string) func(*dialog.Input) {
		return func(i *dialog.Input) { i.Command, i.Text = name, text }
	}
	file := func(f tickets.File, caption string) func(*dialog.Input) {
		return func(i *dialog.Input) { f.Message, i.File, i.Text = 7, &f, caption }
	}
	const forwarded = `,"forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"X"}`
	for name, c := range map[string]struct {
		body string
		want dialog.Input
	}{
		"text":                 {message(`,"text":"hello"`), in(dialog.Typed, text("hello"))},
		"text by way of a bot": {message(`,"text":"hello","via_bot":{"id":1,"is_bot":true,"first_name":"gif"}`), in(dialog.Typed, text("hello"))},
		"NUL":                  {message(`,"text":"a\u0000b"`), in(dialog.Typed, text("ab"))},
		"command":              {typed("/New", 0, 4), in(dialog.Commanded, command("new", "/New"))},
		"command with payload": {typed("/start abc", 0, 6), in(dialog.Commanded, command("start", "/start abc"))},
		"command for us":       {typed("/new@thebot", 0, 11), in(dialog.Commanded, command("new", "/new@thebot"))},
		"command for another":  {typed("/new@otherbot", 0, 13), in(dialog.Typed, text("/new@otherbot"))},
		"command after words":  {typed("Привет /new", 7, 4), in(dialog.Typed, text("Привет /new"))},
		"path":                 {message(`,"text":"/var/www"`), in(dialog.Typed, text("/var/www"))},
		"forwarded command":    {strings.Replace(typed("/new", 0, 4), `,"text"`, forwarded+`,"text"`, 1), in(dialog.Typed, text("/new"))},
		"key":                  {message(`,"text":"Назад"`), in(dialog.Keyed, func(i *dialog.Input) { i.Text, i.Key = "Назад", "key.back" })},
		"forwarded key":        {message(`,"text":"Назад"` + forwarded), in(dialog.Typed, text("Назад"))},
		"own contact":          {message(`,"contact":{"phone_number":"+7900","first_name":"Eva","user_id":5}`), in(dialog.Shared, func(i *dialog.Input) { i.Phone, i.Own = "+7900", true })},
		"another's contact":    {message(`,"contact":{"phone_number":"+7900","first_name":"Bo","user_id":6}`), in(dialog.Shared, func(i *dialog.Input) { i.Phone = "+7900" })},
		"contact of nobody":    {message(`,"contact":{"phone_number":"112","first_name":"Bo"}`), in(dialog.Shared, func(i *dialog.Input) { i.Phone = "112" })},
		"photo":                {message(`,"caption":"see","photo":[{"file_id":"s","width":9,"height":9},{"file_id":"l","file_unique_id":"u","width":90,"height":90,"file_size":500},{"file_id":"m","width":30,"height":30}]`), in(dialog.Sent, file(tickets.File{ID: "l", Unique: "u", Kind: tickets.Photo, Size: 500, Type: "image/jpeg"}, "see"))},
		"live photo":           {message(`,"live_photo":{"file_id":"v","photo":[{"file_id":"p","width":9,"height":9}]}`), in(dialog.Sent, file(tickets.File{ID: "p", Kind: tickets.Photo, Type: "image/jpeg"}, ""))},
		"document":             {message(`,"document":{"file_id":"d","file_unique_id":"u","file_name":"a.png","mime_type":"image/png","file_size":1000}`), in(dialog.Sent, file(tickets.File{ID: "d", Unique: "u", Kind: tickets.Document, Name: "a.png", Size: 1000}, ""))},
		"large document":       {message(`,"document":{"file_id":"d","file_name":"a.png","file_size":1001}`), in(dialog.Sent, func(i *dialog.Input) { i.Refused, i.FileName = dialog.RefusedSize, "a.png" })},
		"animation":            {message(`,"animation":{"file_id":"g","file_name":"a.mp4","file_size":9},"document":{"file_id":"g"}`), in(dialog.Sent, file(tickets.File{ID: "g", Kind: tickets.Animation, Name: "a.mp4", Size: 9, Type: "video/mp4"}, ""))},
		"sticker":              {message(`,"sticker":{"file_id":"s"}`), in(dialog.Other, nil)},
		"voice":                {message(`,"voice":{"file_id":"s"}`), in(dialog.Other, nil)},
		"video with a caption": {message(`,"caption":"look","video":{"file_id":"s"}`), in(dialog.Other, text("look"))},
		"location":             {message(`,"location":{"latitude":1,"longitude":2}`), in(dialog.Other, nil)},
		"poll":                 {message(`,"poll":{"id":"1"}`), in(dialog.Other, nil)},
		"dice":                 {message(`,"dice":{"emoji":"d","value":2}`), in(dialog.Other, nil)},
		"edit":                 {strings.Replace(message(`,"edit_date":1700000009,"text":"better"`), `"message"`, `"edited_message"`, 1), in(dialog.Edited, func(i *dialog.Input) { i.Text, i.Update.Edited = "better", 1700000009 })},
		"edited caption": {strings.Replace(message(`,"edit_date":2,"caption":"better","photo":[{"file_id":"p"}]`), `"message"`, `"edited_message"`, 1), in(dialog.Edited, func(i *dialog.Input) {
			file(tickets.File{ID: "p", Kind: tickets.Photo, Type: "image/jpeg"}, "better")(i)
			i.Update.Edited = 2
		})},
	} {
		got, ok := read(t, c.body)
		if !ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: read\n%+v, %v; want\n%+v", name, got, ok, c.want)
		}
	}
}

func TestReadsPressesAndMembers(t *testing.T) {
	press := `{"update_id":11,"callback_query":{"id":"9","from":{"id":5,"first_name":"Eva"},"data":%q,"message":{"message_id":8,"date":%d,"chat":{"id":5,"type":"private"}}}}`
	for _, date := range []int{0, 1700000000} { // 0: too old to be shown
		got, ok := read(t, fmt.Sprintf(press, "1c:edit:site", date))
		want := tickets.Press{Revision: 48, Event: "edit", Value: "site"}
		if !ok || got.Kind != dialog.Pressed || got.Press != want || got.PressedOn != 8 || got.Update != (tickets.Update{ID: 11}) {
			t.Errorf("press on a message of %d: %+v, %v", date, got, ok)
		}
	}
	if got, ok := read(t, fmt.Sprintf(press, "vote_12", 1)); ok {
		t.Errorf("a foreign button: %+v", got)
	}
	member := `{"update_id":11,"my_chat_member":{"chat":{"id":5,"type":"private"},"from":{"id":5},"date":3,"old_chat_member":{"status":"left"},"new_chat_member":{"status":%q}}}`
	for status, want := range map[string]dialog.Kind{"kicked": dialog.Blocked, "member": dialog.Unblocked} {
		if got, ok := read(t, fmt.Sprintf(member, status)); !ok || got.Kind != want {
			t.Errorf("%s: %+v, %v", status, got, ok)
		}
	}
}

func TestPassesWhatNobodyDid(t *testing.T) {
	for name, body := range map[string]string{
		"service message":    message(`,"pinned_message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"}}`),
		"nothing known":      message(`,"telepathy":{}`),
		"timer":              message(`,"message_auto_delete_timer_changed":{"message_auto_delete_time":5}`),
		"another bot":        strings.Replace(message(`,"text":"buy"`), `"first_name"`, `"is_bot":true,"first_name"`, 1),
		"no sender":          `{"update_id":11,"message":{"message_id":7,"date":1,"chat":{"id":5,"type":"private"},"sender_chat":{"id":-1009,"type":"channel"},"text":"x"}}`,
		"moving location":    strings.Replace(message(`,"edit_date":3,"location":{"latitude":1,"longitude":2}`), `"message"`, `"edited_message"`, 1),
		"reaction":           `{"update_id":11,"message_reaction":{"chat":{"id":5,"type":"private"},"message_id":1,"user":{"id":5},"date":1,"old_reaction":[],"new_reaction":[]}}`,
		"anonymous reaction": `{"update_id":11,"message_reaction":{"chat":{"id":5,"type":"private"},"message_id":1,"date":1,"old_reaction":[],"new_reaction":[]}}`,
	} {
		if got, ok := read(t, body); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestUnitsCountsAsTelegramDoes(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{{"/new x", 4, "/new"}, {"Привет", 3, "При"}, {"😀/a", 2, "😀"}, {"ab", 9, "ab"}, {"ab", -1, ""}, {"", 3, ""}} {
		if got := units(c.text, c.n); got != c.want {
			t.Errorf("units(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
	if got := shorten(strings.Repeat("ж", 300)); len([]rune(got)) > mostToast || !strings.HasSuffix(got, "…") {
		t.Errorf("a toast of %d characters", len([]rune(got)))
	}
}

func TestPhotoTakesTheLargest(t *testing.T) {
	got := photo([]models.PhotoSize{{FileID: "a", Width: 3, Height: 9}, {FileID: "b", Width: 9, Height: 9}, {FileID: "c", Width: 1, Height: 1}})
	if got.ID != "b" {
		t.Errorf("took %s", got.ID)
	}
}

package sessions

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets"
)

func TestACopyIsTheCustomer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := tickets.Customer{
			ID:      rapid.Int64().Draw(t, "id"),
			Version: rapid.Int64Range(1, 1<<53).Draw(t, "version"),
			Lang:    rapid.SampledFrom([]tickets.Lang{"", tickets.Russian, tickets.English}).Draw(t, "lang"),
			Blocked: rapid.Bool().Draw(t, "blocked"),
			Banned:  rapid.Bool().Draw(t, "banned"),
		}
		if rapid.Bool().Draw(t, "session") {
			want.Session, _ = json.Marshal(map[string]string{"problem": rapid.String().Draw(t, "problem")})
		}
		if rapid.Bool().Draw(t, "wake") {
			want.Wake = time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "when")).UTC()
		}
		value, err := encode(want)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(value), `{"v":`) {
			t.Errorf("the script does not find the version in %s", value)
		}
		got, err := decode(want.ID, value)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v became %+v, %v, by way of %s", want, got, err, value)
		}
	})
}

// A session that is no JSON cannot be kept; the store will have refused it.
func TestNoJSON(t *testing.T) {
	if value, err := encode(tickets.Customer{Version: 1, Session: json.RawMessage("{")}); err == nil {
		t.Errorf("it became %s", value)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"v":1,"l":"ru","s":{"a":1},"w":"2026-03-02T12:00:00Z","b":true}`))
	f.Add([]byte(`{"v":-1}`))
	f.Add([]byte(`nonsense`))
	f.Fuzz(func(t *testing.T, value []byte) {
		c, err := decode(7, value)
		if err == nil && (c.Version <= 0 || c.ID != 7) {
			t.Errorf("%q became %+v", value, c)
		}
	})
}

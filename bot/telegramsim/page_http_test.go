package telegramsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
)

// ask makes one request to a page.
func ask(t *testing.T, page http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost:8080"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	page.ServeHTTP(rec, r)
	return rec
}

func TestPageAnswersOnlyUnderNamesOfItsOwn(t *testing.T) {
	s := newStage(t)
	page := telegramsim.Page(s.world, telegramsim.PageOptions{Hosts: []string{"demo.test"}})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "demo.test:8080": 200,
		"a.localhost": 200, "evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example:8080": 421, "": 421,
	} {
		if got := ask(t, page, "GET", "/", "", "Host", host); got.Code != want {
			t.Errorf("Host %q: %d, want %d", host, got.Code, want)
		}
	}
}

func TestPageRefusesPostsOfOtherSites(t *testing.T) {
	st := newStory(newStage(t))
	page := telegramsim.Page(st.world, telegramsim.PageOptions{})
	body := `{"person":` + strconv.FormatInt(st.ivan.UserID(), 10) + `,"chat":` + strconv.FormatInt(st.ivan.UserID(), 10) + `,"text":"hi"}`
	for _, headers := range [][]string{
		{"Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "http://localhost:9999"},
		{"Origin", "null"},
	} {
		if got := ask(t, page, "POST", "/ui/send", body, headers...); got.Code != http.StatusForbidden {
			t.Errorf("%q: %d", headers, got.Code)
		}
	}
	if n := len(st.ivan.Messages()); n != 0 {
		t.Fatalf("%d messages came through", n)
	}
	if got := ask(t, page, "POST", "/ui/send", body, "Origin", "http://localhost:8080"); got.Code != http.StatusOK {
		t.Errorf("its own post: %d %s", got.Code, got.Body)
	}
	if last, ok := st.ivan.Last(); !ok || last.Text != "hi" {
		t.Errorf("the chat ends with %v", last)
	}
}

func TestPageTellsWhatIsWrong(t *testing.T) {
	st := newStory(newStage(t))
	page := telegramsim.Page(st.world, telegramsim.PageOptions{})
	ivan, group := strconv.FormatInt(st.ivan.UserID(), 10), strconv.FormatInt(st.desk.ID(), 10)
	for _, c := range []struct {
		action, body string
		code         int
		word         string
	}{
		{"send", `{`, 400, "bad_request"},
		{"send", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too_large"},
		{"send", `{}`, 409, "no_place"},
		{"send", `{"person":1,"chat":1,"text":"x"}`, 409, "no_place"},
		{"send", `{"person":` + ivan + `,"chat":5,"text":"x"}`, 409, "no_place"},
		{"send", `{"person":` + ivan + `,"chat":` + group + `,"thread":1,"text":"x"}`, 409, "not_member"},
		{"send", `{"person":` + ivan + `,"chat":` + ivan + `,"text":"x","reply":99}`, 409, "no_message"},
		{"press", `{"person":` + ivan + `,"chat":` + ivan + `,"message":99}`, 409, "no_message"},
		{"suggest", `{"person":` + ivan + `,"chat":` + ivan + `,"index":7}`, 409, "no_place"},
		{"people", `{"text":"  "}`, 409, "no_place"},
		{"upload", `{}`, 400, "bad_request"},
	} {
		got := ask(t, page, "POST", "/ui/"+c.action, c.body)
		if got.Code != c.code || !strings.Contains(got.Body.String(), `"error":"`+c.word+`"`) {
			t.Errorf("%s %.60s: %d %s", c.action, c.body, got.Code, got.Body)
		}
	}
}

func TestPageGivesFilesByTheirContent(t *testing.T) {
	st := newStory(newStage(t))
	page := telegramsim.Page(st.world, telegramsim.PageOptions{})
	send := func(name string, data []byte) string {
		m, err := st.ivan.SendDocument(name, data, "")
		st.must(m, err)
		return m.FileID
	}
	html := ask(t, page, "GET", "/ui/file?id="+send("../../evil.png", []byte("<html><script>alert(1)</script>")), "")
	if got := html.Header().Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("a page that calls itself a picture is given as %s", got)
	}
	if got := html.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("it is not saved but shown: %q", got)
	}
	picture := ask(t, page, "GET", "/ui/file?id="+send("a.html", pictures()[0]), "")
	if got := picture.Header().Get("Content-Type"); got != "image/png" || !bytes.Equal(picture.Body.Bytes(), pictures()[0]) {
		t.Errorf("a picture is given as %s, %d bytes", got, picture.Body.Len())
	}
	if got := ask(t, page, "GET", "/ui/file?id=../page.go", ""); got.Code != http.StatusNotFound {
		t.Errorf("an unknown file: %d", got.Code)
	}
	if policy := picture.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is %q", policy)
	}
}

func TestPageUploadsAtMostAnAlbum(t *testing.T) {
	st := newStory(newStage(t))
	page := telegramsim.Page(st.world, telegramsim.PageOptions{})
	for files, want := range map[int]int{1: 200, 10: 200, 11: 400} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		action, _ := json.Marshal(map[string]any{"person": st.ivan.UserID(), "chat": st.ivan.UserID(), "data": "document", "text": "caption"})
		st.must(nil, form.WriteField("action", string(action)))
		for range files {
			part, err := form.CreateFormFile("file", "../log.txt")
			st.must(nil, err)
			st.must(io.WriteString(part, "text"))
		}
		st.must(nil, form.Close())
		if got := ask(t, page, "POST", "/ui/upload", body.String(), "Content-Type", form.FormDataContentType()); got.Code != want {
			t.Errorf("%d files: %d %s", files, got.Code, got.Body)
		}
	}
	if last, _ := st.ivan.Last(); len(st.ivan.Messages()) != 11 || last.Text != "caption" {
		t.Errorf("%d messages, the last %v", len(st.ivan.Messages()), last)
	}
}

// The stream begins with everything that there is, and goes on with what comes.
func TestPageStream(t *testing.T) {
	st := newStory(newStage(t))
	st.must(st.ivan.Start(""))
	server := httptest.NewServer(telegramsim.Page(st.world, telegramsim.PageOptions{Title: "T"}))
	t.Cleanup(server.Close)
	t.Cleanup(st.world.Close)
	ctx, cancel := context.WithCancel(st.ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/ui/events", nil)
	st.must(nil, err)
	resp, err := http.DefaultClient.Do(req)
	st.must(resp, err)
	defer func() { _ = resp.Body.Close() }()
	stream := newReader(resp.Body)
	if name, data := stream.next(t); name != "snapshot" || !strings.Contains(data, `"text":"/start"`) || !strings.Contains(data, `"title":"T"`) {
		t.Fatalf("%s %s", name, data)
	}
	st.says(st.ivan.UserID(), 0, "later")
	if name, data := stream.next(t); name != "change" || !strings.Contains(data, `"text":"later"`) {
		t.Errorf("%s %s", name, data)
	}
	st.must(nil, st.ivan.Block())
	if name, data := stream.next(t); name != "change" || !strings.Contains(data, `"blocked":true`) {
		t.Errorf("%s %s", name, data)
	}
}

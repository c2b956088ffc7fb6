package telegramsim_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// post makes a request with a body of any kind.
func (s *stage) post(path, contentType string, body io.Reader) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	r, err := do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func form(t *testing.T, fields map[string]string, fileField, fileName string, data []byte) (string, io.Reader) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if fileField != "" {
		part, err := w.CreateFormFile(fileField, fileName)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), &b
}

func TestEveryEncodingIsRead(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	id := "1000001"
	const path = "/bot" + token + "/SENDMESSAGE"
	multi, body := form(t, map[string]string{"chat_id": id, "text": "multipart", "entities": `[{"type":"bold","offset":0,"length":5}]`}, "", "", nil)
	for _, r := range []reply{
		s.post(path, "application/json; charset=utf-8", strings.NewReader(`{"chat_id":`+id+`,"text":"json","protect_content":null}`)),
		s.post(path, "application/x-www-form-urlencoded", strings.NewReader(url.Values{"chat_id": {id}, "text": {"form"}}.Encode())),
		s.post(path, multi, body),
		s.post(path+"?chat_id="+id+"&text=query", "", nil),
	} {
		if !r.OK {
			t.Errorf("%+v", r)
		}
	}
	for _, want := range []string{"json", "form", "multipart", "query"} {
		if m := ivan.Expect(); m.Text != want {
			t.Errorf("got %q, want %q", m.Text, want)
		}
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	s := newStage(t)
	for _, tc := range []struct {
		path, contentType, body string
		code                    int
		want                    string
	}{
		{"/bot4242:wrong/getMe", "", "", 401, "Unauthorized"},
		{"/bot4242/getMe", "", "", 401, "Unauthorized"},
		{"/somewhere", "", "", 404, "Not Found"},
		{"/bot" + token + "/getHer", "", "", 404, "Not Found: method not found"},
		{"/bot" + token + "/sendMessage", "application/json", "{", 400, "Bad Request: can't parse request: unexpected EOF"},
		{"/bot" + token + "/sendMessage", "application/x-www-form-urlencoded", "text=%zz", 400, `Bad Request: can't parse request: invalid URL escape "%zz"`},
	} {
		r := s.post(tc.path, tc.contentType, strings.NewReader(tc.body))
		if r.OK || r.ErrorCode != tc.code || r.Description != tc.want {
			t.Errorf("%s: %d %s, want %d %s", tc.path, r.ErrorCode, r.Description, tc.code, tc.want)
		}
	}
}

func TestUploadsAreLookedInto(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"notes.jpg", []byte("just text"), "Bad Request: IMAGE_PROCESS_FAILED"},
		{"empty.jpg", nil, "Bad Request: file must be non-empty"},
		{"stripe.png", picture(t, 210, 10), "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{"fine.exe", picture(t, 10, 10), ""},
	} {
		kind, body := form(t, map[string]string{"chat_id": "1000001"}, "photo", tc.name, tc.data)
		if r := s.post("/bot"+token+"/sendPhoto", kind, body); r.Description != tc.want {
			t.Errorf("%s: %+v", tc.name, r)
		}
	}
	big := ivan.SendDocument("big.bin", make([]byte, 20<<20+1), "")
	s.refuses([]refusal{
		{"getFile", args{"file_id": big.FileID}, "Bad Request: file is too big"},
		{"sendPhoto", args{"chat_id": ivan.ID(), "photo": big.FileID}, "Bad Request: can't use file of type Document as Photo"},
	})
}

package telegramsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is the largest request body in bytes: a 50 MB upload and its fields.
const maxBody = 55 << 20

// call is one request to the Bot API with its arguments. A nested value stands
// in fields as JSON text, however the request was encoded.
type call struct {
	w      *World
	bot    *Bot
	method string
	fields map[string]string
	files  map[string]upload
	// outcome is what the fault hook has decided.
	outcome Outcome
}

// upload is a file that came with a multipart request.
type upload struct {
	name string
	data []byte
}

// readCall reads the arguments from the query string and the body, which may be
// JSON, urlencoded or multipart.
func (w *World) readCall(b *Bot, name string, rw http.ResponseWriter, r *http.Request) (*call, error) {
	c := &call{w: w, bot: b, method: strings.ToLower(name), fields: map[string]string{}}
	if r.URL.RawQuery != "" {
		c.addValues(r.URL.Query())
	}
	err := c.readBody(r.Header.Get("Content-Type"), http.MaxBytesReader(rw, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &apiError{Code: http.StatusRequestEntityTooLarge, Text: "Request Entity Too Large"}
	}
	if err != nil {
		return nil, badRequest("can't parse request: " + err.Error())
	}
	return c, nil
}

func (c *call) readBody(contentType string, body io.Reader) error {
	kind, params, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "multipart/form-data":
		return c.readMultipart(multipart.NewReader(body, params["boundary"]))
	case "application/json":
		return c.readJSON(body)
	case "application/x-www-form-urlencoded":
		return c.readForm(body)
	}
	return nil
}

func (c *call) addValues(values url.Values) {
	for k, v := range values {
		c.fields[k] = v[0]
	}
}

func (c *call) readForm(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(raw))
	c.addValues(values)
	return err
}

func (c *call) readJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	dec := json.NewDecoder(body)
	if err := dec.Decode(&fields); err != nil {
		return err
	}
	for k, raw := range fields {
		switch {
		case raw[0] == '"':
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				return err
			}
			c.fields[k] = s
		case !bytes.Equal(raw, []byte("null")):
			c.fields[k] = string(raw)
		}
	}
	return nil
}

// readMultipart reads the parts. A request without any part comes as an empty
// body from some clients.
func (c *call) readMultipart(mr *multipart.Reader) error {
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() == "" {
			c.fields[part.FormName()] = string(data)
			continue
		}
		if c.files == nil {
			c.files = map[string]upload{}
		}
		c.files[part.FormName()] = upload{name: part.FileName(), data: data}
	}
}

func (c *call) has(name string) bool   { return c.fields[name] != "" }
func (c *call) str(name string) string { return c.fields[name] }
func (c *call) bool(name string) bool {
	s := strings.ToLower(c.fields[name])
	return s == "true" || s == "yes" || s == "1"
}

// int64 reads a number; what is absent or malformed counts as 0.
func (c *call) int64(name string) int64 {
	n, _ := strconv.ParseInt(c.fields[name], 10, 64)
	return n
}

func (c *call) int(name string) int { return int(c.int64(name)) }

// clamp reads a number within bounds, or the default when it is absent.
func (c *call) clamp(name string, def, low, high int) int {
	if !c.has(name) {
		return def
	}
	return min(max(c.int(name), low), high)
}

// json decodes a nested value; an absent one leaves dest as it is.
func (c *call) json(name string, dest any) error {
	if !c.has(name) {
		return nil
	}
	return json.Unmarshal([]byte(c.fields[name]), dest)
}

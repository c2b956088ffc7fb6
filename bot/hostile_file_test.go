package bot

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"intakebot/dialog"
	"intakebot/tickets"
)

// hugePNG claims so many pixels each way, in a few bytes.
func hugePNG(edge uint32) []byte {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		body := append([]byte(kind), data...)
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	size := binary.BigEndian.AppendUint32(nil, edge)
	chunk("IHDR", append(append(size, size...), 8, 6, 0, 0, 0))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 1000))
	_ = z.Close()
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}

// TestAPictureIsNeverDecoded looks at a picture of 50,000 by 50,000 pixels, which
// would be 10 GB when decoded, from a server that sends all of it and then goes
// on for ever. It is taken, its first bytes are read, and it costs next to
// nothing.
func TestAPictureIsNeverDecoded(t *testing.T) {
	picture := hugePNG(50_000)
	body := &gauged{}
	client := NewClient(testToken, roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/getFile") {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"file_id":"d","file_path":"documents/huge.png"}}`))}, nil
		}
		body.Reader, body.read = io.MultiReader(bytes.NewReader(picture), endless(0)), 0
		return &http.Response{StatusCode: 200, Body: io.NopCloser(body)}, nil // deaf to the range
	}))
	api, err := NewAPI(testToken, "http://telegram.test", client, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	in := NewIntake(IntakeConfig{Telegram: NewReceiver(api), Policy: &tickets.Policy{}})
	look := func() {
		input := dialog.Input{File: &tickets.File{ID: "d", Kind: tickets.Document, Name: "huge.png", Size: int64(len(picture))}}
		if err := in.look(t.Context(), &input); err != nil || input.File == nil || input.File.Type != "image/png" {
			t.Fatalf("%+v, %v", input, err)
		}
	}
	look() // what is made once
	const looks = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range looks {
		look()
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / looks; each > 256<<10 {
		t.Errorf("%d bytes are allocated for a look at %d bytes", each, len(picture))
	}
	if body.read > tickets.FileHead {
		t.Errorf("%d bytes were read, want %d at most", body.read, tickets.FileHead)
	}
}

// TestFilesThatPretend are sent as documents with a picture's name: what they are
// is told by their bytes, whatever stands in the name or follows behind.
func TestFilesThatPretend(t *testing.T) {
	gif := "GIF89a\x01\x00\x01\x00\x00\x00\x00"
	for name, c := range map[string]struct {
		content string
		want    string // type; "": refused
	}{
		"a GIF that is a PNG":     {string(hugePNG(8)), "image/png"},
		"a GIF that is a page":    {gif + "/*<script>alert(1)</script>*/;", "image/gif"}, // shown as a picture, or not at all
		"a PNG with a ZIP behind": {string(hugePNG(8)) + "PK\x03\x04", "image/png"},
		"a PDF that is a PNG":     {"%PDF-1.7\n" + string(hugePNG(8)), ""},
		"SVG":                     {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, ""},
		"HTML":                    {"<!DOCTYPE html><script>alert(1)</script>", ""},
		"a program":               {"MZ\x90\x00" + strings.Repeat("\x00", 60), ""},
		"half a header":           {string(hugePNG(8)[:20]), ""},
		"a signature":             {"\x89PNG\r\n\x1a\n", ""},
		"a GIF's first word":      {"GIF89a", ""},
		"one byte":                {"\xff", ""},
	} {
		receiver := fileServer(t, c.content, 0, "")
		in := NewIntake(IntakeConfig{Telegram: receiver, Policy: &tickets.Policy{}})
		input := dialog.Input{File: &tickets.File{ID: "d", Kind: tickets.Document, Name: "shot.gif"}}
		switch err := in.look(t.Context(), &input); {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "" && input.Refused != dialog.RefusedType:
			t.Errorf("%s: %+v, want it refused", name, input)
		case c.want != "" && (input.File == nil || input.File.Type != c.want):
			t.Errorf("%s: %+v, want %s", name, input, c.want)
		}
	}
}

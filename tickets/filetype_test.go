package tickets

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func TestImageTypeOfRealPictures(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	for want, encode := range map[string]func(*bytes.Buffer) error{
		"image/png":  func(b *bytes.Buffer) error { return png.Encode(b, img) },
		"image/jpeg": func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
		"image/gif":  func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		if mime, ok := ImageType(b.Bytes()[:FileHead]); mime != want || !ok {
			t.Errorf("%s: %q, %v", want, mime, ok)
		}
	}
}

func TestImageType(t *testing.T) {
	for _, c := range []struct {
		head, want string
		ok         bool
	}{
		{"GIF87a\x01\x00\x01\x00\x00\x00\x00;", "image/gif", true},
		{"GIF87a\x01\x00", "", false}, // broken off, as the next three
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\x0DIHDR\x00\x00", "", false},
		{"\xff\xd8\xff\xe0", "", false},
		{"\x89PNG\r\n\x1a\n", "", false},
		{"\x89PNG\r\n\x1a\n" + strings.Repeat("<script>", 9), "", false}, // a signature, and then a page
		{"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99999999\">", "", false},
		{"<!DOCTYPE html><html><img src=x>", "", false},
		{" GIF89a\x01\x00\x01\x00\x00\x00\x00;", "", false},
		{"\xEF\xBB\xBFGIF89a\x01\x00\x01\x00\x00\x00\x00;", "", false},
		{"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "", false},
		{"GIF89b\x01\x00", "", false},
		{"\x89PNG\r\n\x1a", "", false},
		{"\x89PNG\n\x1a\n", "", false},
		{"\x00\x00\x00\x20ftypisom", "video/mp4", false},
		{"\x00\x00\x00\x20ftypmp42", "video/mp4", false},
		{"\x00\x00\x00\x14ftypqt  ", "video/quicktime", false},
		{"\x00\x00\x00\x20ftypheic", "image/heic", false},
		{"\x00\x00\x00\x20ftypavif", "image/avif", false},
		{"\x00\x00\x00\x20ftypzzzz", "", false},
		{"\x00\x00\x00\x20ftyp", "", false},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", false},
		{"%PDF-1.7", "application/pdf", false},
		{"PK\x03\x04", "application/zip", false},
		{"<svg xmlns=", "", false},
		{"MZ\x90", "", false},
		{"", "", false},
	} {
		if mime, ok := ImageType([]byte(c.head)); mime != c.want || ok != c.ok {
			t.Errorf("ImageType(%q) = %q, %v; want %q, %v", c.head, mime, ok, c.want, c.ok)
		}
	}
}

func FuzzImageType(f *testing.F) {
	f.Add([]byte("GIF89a"))
	f.Add([]byte("\x00\x00\x00\x20ftypisom"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0DIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x06\x00\x00\x00"))
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00\x43\x00\x08\x06\x06\x07\x06"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, head []byte) {
		mime, ok := ImageType(head)
		if ok && mime != "image/jpeg" && mime != "image/png" && mime != "image/gif" {
			t.Errorf("accepts %q", mime)
		}
		if n, _ := ImageType(head[:min(len(head), FileHead)]); n != mime {
			t.Errorf("%q becomes %q with its beginning alone", mime, n)
		}
		if _, kind, err := image.DecodeConfig(bytes.NewReader(head)); err == nil && mime != "image/"+kind && len(head) >= FileHead {
			t.Errorf("a %s that can be read is taken for %q", kind, mime)
		}
		if more, _ := ImageType(append(bytes.Clone(head), "tail"...)); mime != "" && more != mime {
			t.Errorf("%q becomes %q with more bytes", mime, more)
		}
	})
}

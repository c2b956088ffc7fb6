package bot

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	pngs "image/png"
	"testing"
)

// pngBytes is a small picture that differs by its number.
func pngBytes(t testing.TB, i int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	m.SetGray(i%8, i/8%8, color.Gray{Y: 255})
	var b bytes.Buffer
	if err := pngs.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifBytes(t testing.TB, i int) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	m.SetColorIndex(i%8, i/8%8, 1)
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

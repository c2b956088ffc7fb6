package telegramsim

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"math"
)

// SampleScreenshot draws a browser window with an error page, as PNG, for those
// who try the demo without a picture at hand. It shows a status code and two
// lines under it; of letters it knows A to Z, 0 to 9 and a few marks.
func SampleScreenshot(code, line, address string) Picture {
	const width, height = 960, 600
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	fill(img, img.Bounds(), color.RGBA{0xf7, 0xf8, 0xfa, 0xff})
	fill(img, image.Rect(0, 0, width, 64), color.RGBA{0xdf, 0xe4, 0xea, 0xff})
	for i, c := range []color.RGBA{{0xe8, 0x6a, 0x5e, 0xff}, {0xe9, 0xb4, 0x4c, 0xff}, {0x5f, 0xb8, 0x6a, 0xff}} {
		stroke(img, []float64{30 + 28*float64(i), 32, 30 + 28*float64(i), 32}, 9, c)
	}
	stroke(img, []float64{150, 32, width - 40, 32}, 17, color.White)
	ink, grey, red := color.RGBA{0x2c, 0x38, 0x42, 0xff}, color.RGBA{0x7d, 0x8a, 0x95, 0xff}, color.RGBA{0xc0, 0x3b, 0x36, 0xff}
	write(img, address, 152, 24, 16, 1.3, grey)
	center := func(text string, y, size, thick float64, c color.Color) {
		write(img, text, (width-textWidth(text, size))/2, y, size, thick, c)
	}
	center(code, 170, 150, 9, red)
	center(line, 372, 30, 2.1, ink)
	for i, w := range []float64{420, 500, 300} {
		y := 448 + 26*float64(i)
		stroke(img, []float64{(width - w) / 2, y, (width + w) / 2, y}, 4.5, color.RGBA{0xdc, 0xe1, 0xe6, 0xff})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // a picture in memory can be encoded
	}
	return Picture{Name: "error-" + code + ".png", Data: out.Bytes()}
}

// sampleGIF draws a spinner that never ends: a page that does not load.
func sampleGIF() []byte {
	const side, frames = 240, 12
	palette := color.Palette{color.RGBA{0xf7, 0xf8, 0xfa, 0xff}}
	for i := range frames {
		shade := uint8(0xe0 - i*0x0c)
		palette = append(palette, color.RGBA{shade - 0x30, shade - 0x10, shade, 0xff})
	}
	movie := &gif.GIF{}
	for turn := range frames {
		frame := image.NewPaletted(image.Rect(0, 0, side, side), palette)
		for i := range frames {
			sin, cos := math.Sincos(2 * math.Pi * float64(i+turn) / frames)
			stroke(frame, []float64{120 + 44*cos, 120 + 44*sin, 120 + 78*cos, 120 + 78*sin}, 7, palette[i+1])
		}
		movie.Image, movie.Delay = append(movie.Image, frame), append(movie.Delay, 8)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, movie); err != nil {
		panic(err) // a picture in memory can be encoded
	}
	return out.Bytes()
}

func fill(img draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// stroke draws a line with round ends through points x, y, x, y, …; radius is
// half its width, in pixels. Its edge is smooth.
func stroke(img draw.Image, points []float64, radius float64, c color.Color) {
	for i := 0; i+3 < len(points); i += 2 {
		segment(img, points[i], points[i+1], points[i+2], points[i+3], radius, c)
	}
}

func segment(img draw.Image, x0, y0, x1, y1, radius float64, c color.Color) {
	grow := radius + 1
	area := image.Rect(int(min(x0, x1)-grow), int(min(y0, y1)-grow), int(max(x0, x1)+grow)+1, int(max(y0, y1)+grow)+1)
	area = area.Intersect(img.Bounds())
	r, g, b, _ := c.RGBA()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			cover := radius + 0.5 - distance(float64(x)+0.5, float64(y)+0.5, x0, y0, x1, y1)
			if cover <= 0 {
				continue
			}
			cover = min(cover, 1)
			under := img.At(x, y)
			ur, ug, ub, _ := under.RGBA()
			mix := func(over, under uint32) uint8 { return uint8((float64(over)*cover + float64(under)*(1-cover)) / 257) }
			img.Set(x, y, color.RGBA{mix(r, ur), mix(g, ug), mix(b, ub), 0xff})
		}
	}
}

// distance is how far a point lies from a segment.
func distance(px, py, x0, y0, x1, y1 float64) float64 {
	dx, dy := x1-x0, y1-y0
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = min(max(((px-x0)*dx+(py-y0)*dy)/length, 0), 1)
	}
	return math.Hypot(px-x0-t*dx, py-y0-t*dy)
}

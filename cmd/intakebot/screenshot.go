package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// sampleScreenshot draws a browser window with an error page, for whoever
// tries the demo without a screenshot at hand. The shade tells one from
// another.
func sampleScreenshot(shade color.RGBA) []byte {
	const width, height = 960, 600
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	fill := func(x, y, w, h int, c color.RGBA) {
		draw.Draw(img, image.Rect(x, y, x+w, y+h), &image.Uniform{c}, image.Point{}, draw.Src)
	}
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }

	fill(0, 0, width, height, grey(250))
	fill(0, 0, width, 56, grey(226)) // the window's bar, its buttons, the address
	for i, c := range []color.RGBA{{237, 106, 94, 255}, {245, 191, 79, 255}, {98, 197, 84, 255}} {
		fill(20+28*i, 21, 14, 14, c)
	}
	fill(130, 14, 700, 28, grey(255))
	fill(146, 24, 220, 8, grey(170))

	fill(0, 56, width, 84, shade) // the shop's head, and where its goods should be
	fill(40, 86, 180, 24, grey(255))
	for i := range 4 {
		fill(520+105*i, 92, 80, 10, color.RGBA{255, 255, 255, 255})
	}
	fill(180, 230, 600, 220, color.RGBA{253, 236, 234, 255}) // the error
	fill(180, 230, 8, 220, color.RGBA{211, 47, 47, 255})
	fill(220, 262, 330, 26, color.RGBA{211, 47, 47, 255})
	for i, w := range []int{500, 460, 520, 300} {
		fill(220, 316+30*i, w, 10, grey(150))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}

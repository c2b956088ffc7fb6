package telegramsim

import (
	"image/color"
	"image/draw"
	"strings"
)

// letters are strokes on a grid four wide and six high, as digits x, y, x, y, …,
// strokes parted by spaces.
var letters = map[rune]string{
	'A': "0602204246 0444", 'B': "00304142330300 033344453606 0006", 'C': "4130100105163645", 'D': "00204244260600",
	'E': "40000646 0333", 'F': "400006 0333", 'G': "41301001051636454323", 'H': "0006 4046 0343",
	'I': "2026 1030 1636", 'J': "4045361605", 'K': "0006 4003 0346", 'L': "000646",
	'M': "0600234046", 'N': "06004640", 'O': "103041453616050110", 'P': "06003041423303",
	'Q': "103041453616050110 2546", 'R': "06003041423303 2346", 'S': "413010010213334445361605", 'T': "0040 2026",
	'U': "000516364540", 'V': "002640", 'W': "0016233640", 'X': "0046 4006",
	'Y': "002340 2326", 'Z': "00400646",
	'0': "103041453616050110", '1': "112026 1636", '2': "01103041420646", '3': "01103041423323 334445361605",
	'4': "36300444", '5': "400002324345361605", '6': "4130100105163645443303", '7': "004016",
	'8': "103041423313020110 1304051636454433", '9': "423313020110304145361605",
	'/': "4006", '.': "2626", '-': "0343", ':': "2222 2525",
}

// The grid, and how far apart letters stand.
const (
	letterWidth, letterHeight = 4.0, 6.0
	letterStep                = 5.6
)

func textWidth(text string, size float64) float64 {
	return (float64(len([]rune(text)))*letterStep - (letterStep - letterWidth)) * size / letterHeight
}

// write draws a text of the letters that are known, the left upper corner at x
// and y, the capitals size pixels high.
func write(img draw.Image, text string, x, y, size, thick float64, c color.Color) {
	unit := size / letterHeight
	for _, r := range strings.ToUpper(text) {
		for line := range strings.FieldsSeq(letters[r]) {
			points := make([]float64, 0, len(line))
			for i := 0; i+1 < len(line); i += 2 {
				points = append(points, x+float64(line[i]-'0')*unit, y+float64(line[i+1]-'0')*unit)
			}
			stroke(img, points, thick, c)
		}
		x += letterStep * unit
	}
}

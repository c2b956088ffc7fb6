package telegramsim

import (
	"image/color"
	"image/draw"
	"strings"
)

// letters are strokes on a grid four wide and six high, as digits x, y, x, y, …,
// strokes parted by spaces.
var letters = map[rune]string{
	'A': "062046 1434", 'B': "0006 003041423300 033344453606", 'C': "41301001051636 3645",
	'D': "00200042440620 2006 0006", 'E': "40000646 0333", 'F': "400006 0333", 'G': "4130100105163645432323",
	'H': "0006 4046 0343", 'I': "2026 1030 1636", 'J': "4045361605", 'K': "0006 4003 0346", 'L': "000646",
	'M': "0600234046", 'N': "06004640", 'O': "1030414536160501" + "10", 'P': "06003041423303", 'Q': "103041453616050110 2546",
	'R': "06003041423303 2346", 'S': "413010010213334445361605", 'T': "0040 2026", 'U': "000516364540",
	'V': "002640", 'W': "0016233640", 'X': "0046 4006", 'Y': "002340 2326", 'Z': "00400646",
	'0': "103041453616050110", '1': "112026 1636", '2': "0110304142" + "0646", '3': "0040224334453616" + "05", '4': "36300444",
	'5': "40000232434536" + "1605", '6': "40201305163645443303", '7': "004016", '8': "103041423313020110 1304051636454433",
	'9': "4313020110304143" + "3606", '/': "4006", '.': "2626", '-': "0343", ':': "2222 2525",
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
		for _, line := range strings.Fields(letters[r]) {
			points := make([]float64, 0, len(line))
			for i := 0; i+1 < len(line); i += 2 {
				points = append(points, x+float64(line[i]-'0')*unit, y+float64(line[i+1]-'0')*unit)
			}
			stroke(img, points, thick, c)
		}
		x += letterStep * unit
	}
}

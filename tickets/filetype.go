package tickets

import (
	"bytes"
	"slices"
)

// FileHead is how many leading bytes of a file ImageType wants.
const FileHead = 32

// signatures are the leading bytes of file types. Those that are not accepted
// are here so that the refusal can name them.
var signatures = []struct {
	mime   string
	at     int
	bytes  string
	least  int // bytes: what is shorter was broken off, and nobody could see it
	accept bool
}{
	{"image/jpeg", 0, "\xFF\xD8\xFF", FileHead, true},
	{"image/png", 0, "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR", FileHead, true},
	{"image/gif", 0, "GIF87a", leastGIF, true},
	{"image/gif", 0, "GIF89a", leastGIF, true},
	{"image/webp", 8, "WEBPVP8", 0, false},
	{"image/tiff", 0, "II*\x00", 0, false},
	{"image/tiff", 0, "MM\x00*", 0, false},
	{"application/pdf", 0, "%PDF-", 0, false},
	{"application/zip", 0, "PK\x03\x04", 0, false},
	{"video/webm", 0, "\x1A\x45\xDF\xA3", 0, false},
}

// leastGIF is how short a GIF can be, in bytes: its header and its end.
const leastGIF = 14

// ImageType judges a file by its leading bytes: the type, and whether a
// screenshot may have it, which JPG, PNG and GIF may (R3.5). An MP4 is told as
// "video/mp4" and is not ok by itself: Telegram turns GIFs into MP4s, and the
// caller knows which are these. Unknown types are "". Nothing is decoded.
func ImageType(head []byte) (mime string, ok bool) {
	for _, s := range signatures {
		if len(head) >= max(s.at, s.least) && bytes.HasPrefix(head[s.at:], []byte(s.bytes)) {
			return s.mime, s.accept
		}
	}
	return isoMedia(head), false
}

// mp4Brands are the major brands of MP4 videos.
var mp4Brands = []string{"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash", "mmp4"}

// heicBrands are the major brands of a phone's HEIC photos.
var heicBrands = []string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"}

// isoMedia tells the types that share ISO's container apart by their brand.
func isoMedia(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	brand := string(head[8:12])
	switch {
	case slices.Contains(mp4Brands, brand):
		return "video/mp4"
	case slices.Contains(heicBrands, brand):
		return "image/heic"
	case brand == "qt  ":
		return "video/quicktime"
	case brand == "avif":
		return "image/avif"
	}
	return ""
}

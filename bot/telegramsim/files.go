package telegramsim

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // the pictures that Telegram takes as photos
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path"
	"strings"
	"time"
)

// Sizes in bytes: what getFile gives out, what a photo and a file may have.
const (
	maxDownload = 20 << 20
	maxPhoto    = 10 << 20
	maxUpload   = 50 << 20
)

// File is a medium as it is kept.
type File struct {
	ID       string
	UniqueID string
	// Kind is "photo", "document", "animation", "video", "voice" or "sticker".
	Kind string
	Name string
	MIME string
	// Width and Height are in pixels, 0 where there is no picture.
	Width, Height int
	// Data is what the bot downloads. Original is what was chosen for sending; the
	// two differ for a GIF, which reaches the bot as a video.
	Data, Original []byte
	path           string
	sizes          []*File
}

// fileStore keeps the bytes of all media. Guarded by World.mu.
type fileStore struct {
	byID   map[string]*File
	byPath map[string]*File
	next   int
}

func (s *fileStore) init(taken int) {
	s.byID, s.byPath, s.next = map[string]*File{}, map[string]*File{}, taken
}

// folders of file_path, and the first letters of file IDs, by kind.
var fileForms = map[string]struct{ folder, prefix, ext, name string }{
	"photo":     {"photos", "AgAC", ".jpg", "Photo"},
	"document":  {"documents", "BQAC", "", "Document"},
	"animation": {"animations", "CgAC", ".mp4", "Animation"},
	"video":     {"videos", "BAAC", ".mp4", "Video"},
	"voice":     {"voice", "AwAC", ".oga", "VoiceNote"},
	"sticker":   {"stickers", "CAAC", ".webp", "Sticker"},
}

// add stores a file and gives it its IDs.
func (s *fileStore) add(f *File) *File {
	form := fileForms[f.Kind]
	ext := form.ext
	if ext == "" {
		ext = path.Ext(f.Name)
	}
	f.ID = fmt.Sprintf("%sAgIAAxkBAAI%06d", form.prefix, s.next)
	f.UniqueID = fmt.Sprintf("AgAD%06d", s.next)
	f.path = fmt.Sprintf("%s/file_%d%s", form.folder, s.next, ext)
	s.next++
	s.byID[f.ID] = f
	s.byPath[f.path] = f
	return f
}

// File gives a medium's bytes and name by its file_id, for showing it.
func (w *World) File(id string) (File, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files.byID[id]
	if f == nil {
		return File{}, false
	}
	return *f, true
}

// mimeTypes are those that the apps name; what is not here is sniffed.
var mimeTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".pdf": "application/pdf", ".txt": "text/plain", ".log": "text/plain",
	".zip": "application/zip", ".mp4": "video/mp4", ".exe": "application/x-msdownload",
	".html": "text/html", ".svg": "image/svg+xml",
}

func mimeOf(name string, data []byte) string {
	if t := mimeTypes[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	t, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return t
}

// newFile makes a file of a kind from the bytes of an upload, refusing what
// Telegram would refuse.
func (s *fileStore) newFile(kind, name string, data []byte) (*File, error) {
	if len(data) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	if len(data) > maxUpload {
		return nil, &apiError{Code: http.StatusRequestEntityTooLarge, Text: "Request Entity Too Large"}
	}
	f := &File{Kind: kind, Name: name, MIME: mimeOf(name, data), Data: data, Original: data}
	switch kind {
	case "photo":
		return s.newPhoto(f)
	case "animation":
		asVideo(f)
	case "video":
		f.MIME, f.Width, f.Height = "video/mp4", 640, 360
	case "voice":
		f.Name, f.MIME = "", "audio/ogg"
	case "sticker":
		f.Name, f.MIME, f.Width, f.Height = "", "image/webp", 512, 512
	}
	return s.add(f), nil
}

// asVideo turns a GIF into the silent MP4 as which Telegram passes it on: the
// bytes have an MP4's look, the GIF stays as the original.
func asVideo(f *File) {
	f.Width, f.Height = 320, 240
	if cfg, kind, err := image.DecodeConfig(bytes.NewReader(f.Original)); err == nil && kind == "gif" {
		f.Width, f.Height = cfg.Width, cfg.Height
		f.Name += ".mp4"
		f.Data = append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), f.Original...)
	}
	f.MIME = "video/mp4"
}

// photoEdges are the longest edges in pixels of the sizes in which a photo comes.
var photoEdges = []int{90, 320, 800, 1280}

// newPhoto makes a photo in its sizes, the largest last. All of them hold the
// same bytes.
func (s *fileStore) newPhoto(f *File) (*File, error) {
	if len(f.Data) > maxPhoto {
		return nil, badRequest(fmt.Sprintf("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(f.Data), maxPhoto))
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(f.Data))
	if err != nil {
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	long, short := max(cfg.Width, cfg.Height), min(cfg.Width, cfg.Height)
	if long+short > 10000 || long > 20*short {
		return nil, badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	f.Name = ""
	for _, edge := range photoEdges {
		size := *f
		size.Width, size.Height = cfg.Width, cfg.Height
		if edge < long {
			size.Width, size.Height = max(1, cfg.Width*edge/long), max(1, cfg.Height*edge/long)
		}
		f.sizes = append(f.sizes, s.add(&size))
		if edge >= long {
			break
		}
	}
	largest := f.sizes[len(f.sizes)-1]
	largest.sizes = f.sizes
	return largest, nil
}

// serveFile is the download by file_path, whole or in ranges.
func (w *World) serveFile(rw http.ResponseWriter, r *http.Request, token, name string) {
	w.mu.Lock()
	b, f := w.byToken[token], w.files.byPath[name]
	w.mu.Unlock()
	switch {
	case b == nil:
		writeAnswer(rw, nil, &apiError{Code: http.StatusUnauthorized, Text: "Unauthorized"})
		return
	case f == nil || len(f.Data) > maxDownload:
		writeAnswer(rw, nil, &apiError{Code: http.StatusNotFound, Text: "Not Found"})
		return
	}
	c := &call{w: w, bot: b, method: DownloadMethod, fields: map[string]string{"file_path": name}}
	if w.faultBefore(rw, r, c) {
		return
	}
	rw.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(f.Data))
}

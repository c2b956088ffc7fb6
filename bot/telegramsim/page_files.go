package telegramsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"
)

// maxPageUpload is the largest body of an upload in bytes: ten files of an album
// at the size that a bot can download.
const maxPageUpload = 10*maxDownload + maxAction

// shownTypes are those that a browser may show; everything else is saved. The
// type comes from the bytes, never from what somebody called the file.
var shownTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "application/ogg"}

// file gives a medium's bytes as they were chosen for sending.
func (p *page) file(rw http.ResponseWriter, r *http.Request) {
	f, ok := p.w.File(r.URL.Query().Get("id"))
	if !ok {
		http.NotFound(rw, r)
		return
	}
	data := f.Original
	if data == nil {
		data = f.Data
	}
	kind := http.DetectContentType(data)
	if !slices.Contains(shownTypes, kind) {
		kind = "application/octet-stream"
		rw.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	rw.Header().Set("Content-Type", kind)
	rw.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(data))
}

// chosen is a file that came with an upload.
type chosen struct {
	name string
	data []byte
}

// upload sends files: the field action says who, where and how, with the caption
// as its text; the parts named file hold the bytes.
func (p *page) upload(rw http.ResponseWriter, r *http.Request) {
	a, files, err := readUpload(rw, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeJSON(rw, http.StatusRequestEntityTooLarge, map[string]string{"error": "too_large"})
		return
	case err != nil || len(files) == 0 || len(files) > maxAlbum:
		writeJSON(rw, http.StatusBadRequest, map[string]string{"error": "bad_request"})
		return
	}
	seat := p.seat(a)
	if seat == nil {
		p.fail(rw, errPage)
		return
	}
	if err := sendChosen(seat, a, files); err != nil {
		p.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, struct{}{})
}

func readUpload(rw http.ResponseWriter, r *http.Request) (a pageAction, files []chosen, err error) {
	r.Body = http.MaxBytesReader(rw, r.Body, maxPageUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return a, nil, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return a, files, nil
		}
		if err != nil {
			return a, nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return a, nil, err
		}
		switch part.FormName() {
		case "action":
			if err := json.Unmarshal(data, &a); err != nil {
				return a, nil, err
			}
		case "file":
			files = append(files, chosen{name: part.FileName(), data: data})
		}
	}
}

// sendChosen sends files as the action's data says: "photo", "document" or
// "animation"; photos and documents go together as an album.
func sendChosen(s *Seat, a pageAction, files []chosen) error {
	var err error
	switch {
	case a.Data == "animation":
		for _, f := range files {
			if _, err = s.SendGIF(f.name, f.data, a.Text, a.options()...); err != nil {
				return err
			}
		}
	case len(files) > 1:
		_, err = s.SendAlbum(albumOf(a, files), a.options()...)
	case a.Data == "photo":
		_, err = s.SendPhoto(files[0].data, a.Text, a.options()...)
	default:
		_, err = s.SendDocument(files[0].name, files[0].data, a.Text, a.options()...)
	}
	return err
}

// albumOf makes an album; its caption stands under the first picture, or under
// the last file.
func albumOf(a pageAction, files []chosen) []AlbumItem {
	items := make([]AlbumItem, len(files))
	for i, f := range files {
		items[i].Data = f.data
		if a.Data != "photo" {
			items[i].Name = f.name
		}
	}
	if a.Data == "photo" {
		items[0].Caption = a.Text
	} else {
		items[len(items)-1].Caption = a.Text
	}
	return items
}

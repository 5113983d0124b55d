package door

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"zhijian/ground/fault"
	"zhijian/ground/scrub"
)

// Upload is one file that came with a form. Neither its name nor its field is to be trusted.
type Upload struct {
	Field string // name of the input
	Name  string // what the browser calls the file, without folders
	Body  []byte
}

// Uploads are the files of a form on a route that takes them, in the order they came.
func (r *Request) Uploads() []Upload { return r.uploads }

// uploadsAtOnce bounds the forms with files that are read at the same time: each may hold Limit.Body bytes of memory.
const uploadsAtOnce = 8

// readFiles reads a form with files within its bounds: the body as a whole by its route, what is no file like any other form
// (security.md T21). Files are held in memory, so only so many forms are read at once; others wait for their turn.
func (d *Door) readFiles(r *http.Request, lists []string) (url.Values, []Upload, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, nil, rejected{http.StatusUnsupportedMediaType, codeMedia}
	}
	select {
	case d.uploading <- struct{}{}:
		defer func() { <-d.uploading }()
	case <-r.Context().Done():
		return nil, nil, fault.Unavailable("http.busy", "现在上传的人太多，请过一会儿再试").Because(r.Context().Err())
	}
	values, files, err := readParts(r.Context(), multipart.NewReader(r.Body, params["boundary"]), lists)
	var f *fault.Error
	if err != nil && !tooLarge(err) && !errors.As(err, &f) && r.Context().Err() == nil {
		err = fault.Invalid("form.broken", "提交的内容不完整，请返回上一页再提交一次").Because(err)
	}
	return values, files, err
}

func readParts(ctx context.Context, m *multipart.Reader, lists []string) (url.Values, []Upload, error) {
	form, files, left := url.Values{}, []Upload(nil), int64(formBody)
	for n := 0; ; n++ {
		p, err := m.NextRawPart()
		if err == io.EOF {
			return form, files, checkForm(form, lists)
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, nil, err
		}
		if n >= formFields {
			return nil, nil, tooManyFields()
		}
		name, file := p.FormName(), p.FileName()
		if !clean(name, false) {
			return nil, nil, badText()
		}
		var body []byte
		if file != "" {
			body, err = io.ReadAll(p) // the route bounds the whole body
			files = append(files, Upload{Field: name, Name: file, Body: body})
		} else {
			body, err = io.ReadAll(io.LimitReader(p, left+1))
			form.Add(name, string(body))
			if left -= int64(len(body)); left < 0 {
				return nil, nil, rejected{http.StatusRequestEntityTooLarge, codeLarge}
			}
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// ServeFile answers with bytes that a resident uploaded, in the least dangerous way there is (security.md T76): as what their content was found
// to be and nothing else, a document only to be saved, and were a browser to open it all the same, without scripts and without
// our origin. The answer is for this person alone and is kept nowhere.
func ServeFile(w http.ResponseWriter, name string, kind scrub.Kind, body []byte) error {
	h := w.Header()
	for key, value := range FileHeaders(name, kind) {
		h.Set(key, value)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a browser that hangs up is no fault of ours
	return nil
}

// FileHeaders are the headers that ServeFile sets, for a door that writes its answers otherwise.
func FileHeaders(name string, kind scrub.Kind) map[string]string {
	how := "attachment"
	if kind.Photo() {
		how = "inline"
	}
	return map[string]string{
		"Content-Type":            kind.MediaType(),
		"Content-Disposition":     mime.FormatMediaType(how, map[string]string{"filename": name}),
		"Content-Security-Policy": "default-src 'none'; sandbox",
		"X-Content-Type-Options":  "nosniff",
		"Cache-Control":           "no-store",
	}
}

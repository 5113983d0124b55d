package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zhijian/testkit"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// photo is a JPEG that says where it was taken.
func photo(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range 320 * 240 {
		m.Set(i%320, i/320, color.RGBA{uint8(i % 320 / 2), uint8(i / 320), 120, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	where := "Exif\x00\x00GPS N30.2741 E120.1551"
	return slices.Concat(b.Bytes()[:2], []byte{0xff, 0xe1, 0, byte(len(where) + 2)}, []byte(where), b.Bytes()[2:])
}

func pdf() []byte { return []byte("%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj\n%%EOF\n") }

// attach sends the main form with files.
func (p person) attach(set map[string]string, files ...walk.File) {
	p.t.Helper()
	if err := p.Attach(context.Background(), "", set, files...); err != nil {
		p.t.Fatal(err)
	}
}

// toPhotos opens the application up to the page that asks for files, and gives its number.
func (p person) toPhotos() string {
	p.t.Helper()
	p.start(house.AsksFiles)
	no := p.CaseNo()
	p.submit(map[string]string{"address": "文三路 1 号"})
	p.reads("房屋照片", "每张不超过 5 MB", "拍摄地点会自动去掉")
	return no
}

var fileHrefs = regexp.MustCompile(`href="(/[^"]*/files/[0-9A-Z]+)"`)

// fileHref is where the page leads to its nth file.
func (p person) fileHref(n int) string {
	p.t.Helper()
	all := fileHrefs.FindAllSubmatch(p.Page.Body, -1)
	if n >= len(all) {
		p.t.Fatalf("%s leads to %d files, want number %d: %s", p.Page.URL.Path, len(all), n, p.Page.Text)
	}
	return string(all[n][1])
}

// TestFilesOnPages uploads without script, deletes, goes on, and has staff decide on what was uploaded.
func TestFilesOnPages(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 0))
		no := p.toPhotos()

		p.attach(nil)
		p.status(http.StatusUnprocessableEntity)
		p.reads("请上传房屋照片")
		p.attach(map[string]string{"_go": "upload"}, walk.File{Field: "photos", Name: "a.jpg", Body: []byte("<script>alert(1)</script>")}, walk.File{Field: "drawing", Name: "b.jpg", Body: photo(t)})
		p.status(http.StatusUnprocessableEntity)
		p.reads("只能上传照片", "只能上传 PDF 文件")
		p.attach(map[string]string{"_go": "upload"}, walk.File{Field: "photos", Name: "一.jpg", Body: photo(t)}, walk.File{Field: "photos", Name: "二.jpg", Body: photo(t)})
		p.status(http.StatusOK)
		p.reads("一.jpg", "二.jpg")
		at := p.fileHref(0)
		second := p.fileHref(1)
		p.attach(map[string]string{"_remove": at[strings.LastIndex(at, "/")+1:]})
		p.status(http.StatusOK)
		if strings.Contains(p.Page.Text, "一.jpg") || p.fileHref(0) != second {
			t.Fatalf("after deleting one: %s", p.Page.Text)
		}
		p.attach(nil, walk.File{Field: "drawing", Name: "图.pdf", Body: pdf()}) // chosen and sent with the step, no further button
		p.status(http.StatusOK)
		p.reads("请核对", "二.jpg", "图.pdf")
		photoAt, drawingAt := p.fileHref(0), p.fileHref(1)
		p.get(at)
		p.status(http.StatusNotFound)
		p.get(photoAt)
		p.served("image/jpeg", "inline", "GPS")
		p.get(drawingAt)
		p.served("application/pdf", "attachment", "")
		p.open("/cases/" + no)
		p.submit(nil)
		p.reads("正在审核")
		p.open("/cases/" + no + "/submitted")
		p.reads("二.jpg", "图.pdf")

		elsewhere := visitor(t, h)
		elsewhere.staffIn("power")
		crew := visitor(t, h)
		crew.staffIn("traffic-police")
		crew.open("/console/cases/" + no)
		crew.submit(map[string]string{"purpose": "handling"})
		crew.reads("二.jpg", "图.pdf", "每打开一个文件都会记下来")
		desk := crew.fileHref(0)
		crew.get(desk)
		crew.served("image/jpeg", "inline", "GPS")
		crew.get(crewDrawing(desk, drawingAt))
		crew.served("application/pdf", "attachment", "")
		elsewhere.get(desk)
		elsewhere.status(http.StatusNotFound)
		h.Until(t, "the resident sees each look", func() bool {
			p.open("/me/privacy")
			return strings.Count(p.Page.Text, "办理") >= 3
		})
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); run(t, house.OpenWithFiles(t, "", "..")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); run(t, house.OpenWithFiles(t, testkit.PostgresURL(t), "..")) })
}

// crewDrawing is where staff find a file that a resident has at another path.
func crewDrawing(desk, own string) string {
	return desk[:strings.LastIndex(desk, "/")] + own[strings.LastIndex(own, "/"):]
}

// served wants the open answer to be a file that no browser takes for a page of ours.
func (p person) served(kind, how, without string) {
	p.t.Helper()
	p.status(http.StatusOK)
	head := p.Page.Header
	if head.Get("Content-Type") != kind || !strings.HasPrefix(head.Get("Content-Disposition"), how+";") || head.Get("X-Content-Type-Options") != "nosniff" ||
		head.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || head.Get("Cache-Control") != "no-store" || head.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		p.t.Errorf("%s is served with %v", p.Page.URL.Path, head)
	}
	if without != "" && bytes.Contains(p.Page.Body, []byte(without)) {
		p.t.Errorf("%s still holds %q", p.Page.URL.Path, without)
	}
}

// TestFilesOfOthers: every route of a file is closed to everybody but its resident and the staff who decide (security.md T45).
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	h := house.OpenWithFiles(t, "", "..")
	owner := resident(t, h, h.Resident(t, "L4", 0))
	no := owner.toPhotos()
	owner.attach(map[string]string{"_go": "upload"}, walk.File{Field: "photos", Name: "一.jpg", Body: photo(t)})
	at := owner.fileHref(0)
	id := at[strings.LastIndex(at, "/")+1:]
	own := machine(t, h, h.Resident(t, "L4", 0))
	if got := own.bytes("/cases/" + no + "/files/" + id); !bytes.HasPrefix(got, []byte{0xff, 0xd8}) {
		t.Fatalf("its own resident gets %.20q", got)
	}

	other := tappedResident(t, h, h.Resident(t, "L4", 6))
	token := other.token()
	other.get(at)
	other.status(http.StatusNotFound)
	mine := other.toPhotos()
	for name, path := range map[string]string{"the owner's case": no, "by way of one's own case": mine} {
		other.get("/cases/" + path + "/files/" + id)
		if other.Page.Status != http.StatusNotFound {
			t.Errorf("%s: read with %d", name, other.Page.Status)
		}
		if err := other.PostParts(t.Context(), "/cases/"+path+"/steps/photos/files", map[string][]string{"_token": {token}, "_remove": {id}}, nil); err != nil {
			t.Fatal(err)
		}
		if other.Page.Status != http.StatusNotFound {
			t.Errorf("%s: deleted with %d", name, other.Page.Status)
		}
	}
	if err := other.PostParts(t.Context(), "/cases/"+no+"/steps/photos/files", map[string][]string{"_token": {token}}, []walk.File{{Field: "photos", Name: "x.jpg", Body: photo(t)}}); err != nil {
		t.Fatal(err)
	}
	other.status(http.StatusNotFound)
	if err := other.PostParts(t.Context(), "/cases/"+mine+"/steps/photos/files", map[string][]string{"_token": {token}, "photos": {id}}, nil); err != nil {
		t.Fatal(err)
	}
	other.status(http.StatusUnprocessableEntity)
	other.reads("文件已经不在了")
	if err := other.PostParts(t.Context(), "/cases/"+mine+"/steps/photos/files", map[string][]string{"_go": {"upload"}}, []walk.File{{Field: "photos", Name: "x.jpg", Body: photo(t)}}); err != nil {
		t.Fatal(err)
	}
	if other.Page.Status == http.StatusOK {
		t.Error("uploaded without the form's token")
	}

	m := machine(t, h, h.Resident(t, "L4", 7))
	m.call(http.MethodGet, "/cases/"+no+"/files/"+id, nil, http.StatusNotFound)
	m.call(http.MethodDelete, "/cases/"+no+"/files/"+id, nil, http.StatusNotFound)
	if status, _ := m.send(http.MethodPost, "/cases/"+no+"/steps/photos/files?answer=photos", photo(t)); status != http.StatusNotFound {
		t.Errorf("a program uploads to another's case: %d", status)
	}
	nobody := program{t, h, nil}
	nobody.call(http.MethodGet, "/cases/"+no+"/files/"+id, nil, http.StatusUnauthorized)
	stranger := visitor(t, h)
	stranger.get(at)
	if stranger.Page.URL.Path != "/login" {
		t.Errorf("who is not signed in is at %s", stranger.Page.URL.Path)
	}
	crew := visitor(t, h)
	crew.get("/console/cases/" + no + "/files/" + id)
	if crew.Page.URL.Path != "/console/login" {
		t.Errorf("who is no staff is at %s", crew.Page.URL.Path)
	}
	crew.staffIn("traffic-police")
	crew.get("/console/cases/" + no + "/files/" + id)
	crew.status(http.StatusNotFound) // nothing is to be decided yet
	owner.get(at)
	owner.status(http.StatusOK)
}

// send sends raw bytes and gives status and answer.
func (m program) send(method, path string, body []byte) (int, map[string]any) {
	m.t.Helper()
	res := m.fetch(method, path, body)
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil && err != io.EOF {
		m.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, out
}

// bytes fetches what is no JSON.
func (m program) bytes(path string) []byte {
	m.t.Helper()
	res := m.fetch(http.MethodGet, path, nil)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	if res.StatusCode == http.StatusOK && (res.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || res.Header.Get("Content-Disposition") == "") {
		m.t.Errorf("%s is served with %v", path, res.Header)
	}
	return b
}

func (m program) fetch(method, path string, body []byte) *http.Response {
	m.t.Helper()
	req, err := http.NewRequestWithContext(m.t.Context(), method, m.h.Ready.APIURL+path, bytes.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	for k, v := range m.head {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	return res
}

// TestFilesByProgram: the same service, the same rules, as JSON.
func TestFilesByProgram(t *testing.T) {
	t.Parallel()
	h := house.OpenWithFiles(t, "", "..")
	m := machine(t, h, h.Resident(t, "L4", 0))
	c := m.call(http.MethodPost, "/cities/hangzhou/services/"+house.AsksFiles+"/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
	c = m.answer(c, map[string][]string{"address": {"文三路 1 号"}})
	field := view(c)["fields"].([]any)[0].(map[string]any)
	if field["type"] != "file" || field["max"] != 3.0 || field["max_size"] != float64(5<<20) || len(field["accept"].([]any)) != 3 {
		t.Fatalf("the field is %v", field)
	}
	at := "/cases/" + c["no"].(string) + "/steps/photos/files?answer=photos&name=" + "wall.heic"
	for name, bad := range map[string]struct {
		path string
		body []byte
		want int
		code string
	}{
		"html":           {at, []byte("<html>"), http.StatusUnprocessableEntity, "file.kind"},
		"nothing":        {at, nil, http.StatusBadRequest, ""},
		"no such field":  {strings.Replace(at, "answer=photos", "answer=x", 1), photo(t), http.StatusConflict, "service.step"},
		"too much of it": {at, make([]byte, 12<<20), http.StatusRequestEntityTooLarge, ""},
	} {
		status, out := m.send(http.MethodPost, bad.path, bad.body)
		if status != bad.want || bad.code != "" && out["code"] != bad.code {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	status, f := m.send(http.MethodPost, at, photo(t))
	if status != http.StatusCreated || f["name"] != "wall.jpg" || f["type"] != "image/jpeg" {
		t.Fatalf("%d %v", status, f)
	}
	id := f["id"].(string)
	m.call(http.MethodDelete, "/cases/"+c["no"].(string)+"/files/"+id, nil, http.StatusNoContent)
	status, f = m.send(http.MethodPost, at, photo(t))
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, f)
	}
	c = m.answer(c, map[string][]string{"photos": {f["id"].(string)}})
	if row := view(c)["rows"].([]any)[1].(map[string]any); row["value"] != "1 个文件" || len(row["files"].([]any)) != 1 {
		t.Errorf("the check shows %v", row)
	}
	c = m.answer(c, nil)
	if c["state"] != "reviewing" {
		t.Errorf("stands %v", c["state"])
	}
}

// TestUploadsAreBounded: what is too large or is no form is refused before it is kept (security.md T21).
func TestUploadsAreBounded(t *testing.T) {
	t.Parallel()
	h := house.OpenWithFiles(t, "", "..")
	p := tappedResident(t, h, h.Resident(t, "L4", 0))
	no := p.toPhotos()
	path, token := "/cases/"+no+"/steps/photos/files", p.token()
	if got := p.raw(http.MethodPost, path, map[string][]string{"_token": {token}}); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form without parts: %d", got.status)
	}
	if got := p.raw(http.MethodPost, path, nil, "Content-Type", "multipart/form-data; boundary=x"); got.status != http.StatusBadRequest {
		t.Errorf("a form that breaks off: %d", got.status)
	}
	many := map[string][]string{"_token": {token}}
	for i := range 300 {
		many["photos"] = append(many["photos"], strings.Repeat("x", i%3))
	}
	for name, c := range map[string]struct {
		values map[string][]string
		files  []walk.File
		want   int
	}{
		"22 MB":          {map[string][]string{"_token": {token}}, []walk.File{{Field: "photos", Name: "a", Body: make([]byte, 22<<20)}}, http.StatusRequestEntityTooLarge},
		"100 KB of text": {map[string][]string{"_token": {token}, "address": {strings.Repeat("x", 100<<10)}}, nil, http.StatusRequestEntityTooLarge},
		"300 fields":     {many, nil, http.StatusBadRequest},
		"a strange name": {map[string][]string{"_token": {token}, "a\u202eb": {"x"}}, nil, http.StatusBadRequest},
	} {
		began := time.Now()
		if err := p.PostParts(t.Context(), path, c.values, c.files); err != nil {
			if name == "22 MB" { // the house hangs up on who sends on
				continue
			}
			t.Fatalf("%s: %v", name, err)
		}
		if p.Page.Status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, p.Page.Status, c.want, p.Page.Text)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %s", name, took)
		}
	}
}

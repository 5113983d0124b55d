package cases_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/scrub"
	"zhijian/testkit"
)

// photo is a JPEG that says where it was taken.
func photo(t testing.TB, pixels int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, pixels, pixels)), nil); err != nil {
		t.Fatal(err)
	}
	where := "Exif\x00\x00GPS N30.2741 E120.1551"
	return slices.Concat(b.Bytes()[:2], []byte{0xff, 0xe1, 0, byte(len(where) + 2)}, []byte(where), b.Bytes()[2:])
}

// renovation opens the application with photos, at the page that asks for them.
func renovation(h *house, i int) (cases.Who, string) {
	h.t.Helper()
	src, err := os.ReadFile("../service/testdata/renovation.yaml")
	if err != nil {
		h.t.Fatal(err)
	}
	h.offers(string(src))
	w := h.who(i)
	c := h.open(w, "renovation-report")
	h.answer(w, c.No, "address", "address", "文三路 1 号")
	return w, c.No
}

func (h *house) upload(w cases.Who, no, step, answer, name string, body []byte) cases.File {
	h.t.Helper()
	f, err := h.desk.Upload(h.t.Context(), w, no, step, answer, name, body)
	if err != nil {
		h.t.Fatalf("upload %s: %v", name, err)
	}
	return f
}

func codeOf(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}

// TestFilesGoWithACase: uploaded, answered with, read by staff of the department, kept while it matters, and gone afterwards.
func TestFilesGoWithACase(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := renovation(h, 0)
		f := h.upload(w, no, "photos", "photos", `C:\照片\家里的墙.HEIC`, photo(t, 40))
		if f.Name != "家里的墙.jpg" || f.Kind != scrub.JPEG {
			t.Errorf("kept as %q, %s", f.Name, f.Kind)
		}
		got, b, err := h.desk.Download(ctx, w, no, f.ID)
		if err != nil || got.SHA256 != f.SHA256 || int64(len(b)) != f.Size || bytes.Contains(b, []byte("GPS")) {
			t.Fatalf("%+v, %d bytes, %v", got, len(b), err)
		}
		if v := h.show(w, no).View; len(v.Fields[0].Files) != 1 || v.Fields[0].Files[0].ID != f.ID {
			t.Fatalf("the page shows %+v", v.Fields[0].Files)
		}
		h.answer(w, no, "photos", "photos", f.ID)
		s := h.answer(w, no, "check")
		if s.Case.State != cases.Reviewing {
			t.Fatalf("stands %s", s.Case.State)
		}
		if _, b, err = h.desk.ReadFile(ctx, staffOf(1), no, f.ID); err != nil || int64(len(b)) != f.Size {
			t.Fatalf("staff: %d bytes, %v", len(b), err)
		}
		for name, a := range map[string]actor.Actor{"another department": staffOf(2), "the resident": w.Actor, "nobody": {}} {
			if _, _, err := h.desk.ReadFile(ctx, a, no, f.ID); !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s reads it: %v", name, err)
			}
		}
		if err := h.desk.Discard(ctx, w, no, f.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("discarded from under the review: %v", err)
		}
		h.pump.Elapse(70 * 24 * time.Hour)
		if _, _, err = h.desk.ReadFile(ctx, staffOf(1), no, f.ID); err != nil {
			t.Fatalf("while the case runs: %v", err)
		}
		if _, err := h.desk.Review(ctx, staffOf(1), no, service.Review{Step: "approval", Verdict: service.VerdictAccept}); err != nil {
			t.Fatal(err)
		}
		h.pump.Drain()
		if _, _, err = h.desk.ReadFile(ctx, staffOf(1), no, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("staff after the decision: %v", err)
		}
		h.pump.Elapse(190 * 24 * time.Hour)
		if _, _, err = h.desk.Download(ctx, w, no, f.ID); err != nil {
			t.Errorf("while it can be taken to court: %v", err)
		}
		h.pump.Elapse(11 * 24 * time.Hour)
		if _, _, err = h.desk.Download(ctx, w, no, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("after that: %v", err)
		}
		names := h.pump.Names(no)
		if count(names, "cases.uploaded") != 1 || count(names, "cases.read") != 2 || count(names, "cases.discarded") != 1 {
			t.Errorf("told %v", names)
		}
	})
}

// TestFilesThatNobodyNames go after a day, and no answer can name them from then on.
func TestFilesThatNobodyNames(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, no := renovation(h, 0)
		f := h.upload(w, no, "photos", "photos", "a.jpg", photo(t, 20))
		h.pump.Elapse(24*time.Hour + time.Minute)
		if _, err := h.desk.Answer(t.Context(), w, no, "photos", map[string][]string{"photos": {f.ID}}); codeOf(err) != "file.gone" {
			t.Errorf("answered with it: %v", err)
		}
		h.pump.Elapse(time.Hour)
		if _, _, err := h.desk.Download(t.Context(), w, no, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("still there: %v", err)
		}
	})
}

// TestFilesOfACaseThatIsCalledOff go with what was typed, thirty days later; so do those of a case that ran out.
func TestFilesOfACaseThatIsCalledOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, off := renovation(h, 0)
	a := h.upload(w, off, "photos", "photos", "a.jpg", photo(t, 20))
	h.answer(w, off, "photos", "photos", a.ID)
	if _, err := h.desk.Withdraw(ctx, w, off); err != nil {
		t.Fatal(err)
	}
	left := h.open(w, "renovation-report").No
	h.answer(w, left, "address", "address", "文三路 2 号")
	b := h.upload(w, left, "photos", "photos", "b.jpg", photo(t, 20))
	h.answer(w, left, "photos", "photos", b.ID)
	h.pump.Elapse(29 * 24 * time.Hour)
	if _, _, err := h.desk.Download(ctx, w, off, a.ID); err != nil {
		t.Errorf("before its time: %v", err)
	}
	h.pump.Elapse(2 * 24 * time.Hour)
	if _, _, err := h.desk.Download(ctx, w, off, a.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("called off: %v", err)
	}
	if s := h.show(w, left); s.Case.State != cases.Expired {
		t.Fatalf("left alone: %s", s.Case.State)
	}
	h.pump.Elapse(31 * 24 * time.Hour)
	if _, _, err := h.desk.Download(ctx, w, left, b.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("ran out: %v", err)
	}
}

// TestDiscardGoesBack: whoever deletes a file of a page behind answers that page anew.
func TestDiscardGoesBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	w, no := renovation(h, 0)
	f := h.upload(w, no, "photos", "photos", "a.jpg", photo(t, 20))
	if s := h.answer(w, no, "photos", "photos", f.ID); s.View.Step != "check" {
		t.Fatalf("at %s", s.View.Step)
	}
	if err := h.desk.Discard(ctx, w, no, f.ID); err != nil {
		t.Fatal(err)
	}
	if s := h.show(w, no); s.View.Step != "photos" || len(s.View.Fields[0].Files) != 0 {
		t.Errorf("at %s with %+v", s.View.Step, s.View.Fields[0].Files)
	}
	if err := h.desk.Discard(ctx, w, no, f.ID); err != nil {
		t.Errorf("a second time: %v", err)
	}
	g := h.upload(w, no, "photos", "photos", "b.jpg", photo(t, 20))
	if s := h.answer(w, no, "photos", "photos", g.ID); s.View.Step != "check" {
		t.Errorf("on to %s", s.View.Step)
	}
}

// TestStrangersAndFiles: to anybody else neither the case nor its files exist, and a file belongs to one case.
func TestStrangersAndFiles(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, no := renovation(h, 0)
		f := h.upload(w, no, "photos", "photos", "a.jpg", photo(t, 20))
		other := h.open(w, "renovation-report").No
		h.answer(w, other, "address", "address", "文三路 2 号")
		strangers := map[string]cases.Who{"another resident": h.who(1), "a visitor": {Actor: actor.Actor{Kind: actor.Visitor}, Visitor: "v"}, "staff": {Actor: staffOf(1)}}
		for name, s := range strangers {
			if _, err := h.desk.Upload(ctx, s, no, "photos", "photos", "x.jpg", photo(t, 20)); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s uploads: %v", name, err)
			}
			if _, _, err := h.desk.Download(ctx, s, no, f.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s reads: %v", name, err)
			}
			if err := h.desk.Discard(ctx, s, no, f.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s deletes: %v", name, err)
			}
		}
		if _, _, err := h.desk.Download(ctx, w, other, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("by way of another case: %v", err)
		}
		if err := h.desk.Discard(ctx, w, other, f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("deleted by way of another case: %v", err)
		}
		if _, err := h.desk.Answer(ctx, w, other, "photos", map[string][]string{"photos": {f.ID}}); codeOf(err) != "file.gone" {
			t.Errorf("answered another case with it: %v", err)
		}
		if _, _, err := h.desk.Download(ctx, w, no, "../"+f.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a path: %v", err)
		}
	})
}

func TestUploadsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := renovation(h, 0)
	var big bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&big, image.NewRGBA(image.Rect(0, 0, 1200, 1200))); err != nil {
		t.Fatal(err)
	}
	pdf := []byte("%PDF-1.4\n%%EOF\n")
	for name, c := range map[string]struct {
		step, answer string
		body         []byte
		code         string
	}{
		"a page to come":        {"proof_page", "proof", pdf, "service.step"},
		"no such page":          {"nowhere", "photos", pdf, "service.step"},
		"a question of words":   {"address", "address", pdf, "service.step"},
		"no such question":      {"photos", "nothing", pdf, "service.step"},
		"too large":             {"photos", "photos", big.Bytes(), "file.large"},
		"html":                  {"photos", "photos", []byte("<script>alert(1)</script>"), "file.kind"},
		"svg":                   {"photos", "photos", []byte("<svg onload=alert(1)>"), "file.kind"},
		"a document as a photo": {"photos", "photos", pdf, "file.photo"},
		"a photo as a document": {"photos", "drawing", photo(t, 20), "file.pdf"},
		"empty":                 {"photos", "photos", nil, "file.empty"},
	} {
		if _, err := h.desk.Upload(t.Context(), w, no, c.step, c.answer, "a.jpg", c.body); codeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// TestFilesAreBounded: three photos fit, however many come at once, and a day has an end (security.md T69).
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, no := renovation(h, 0)
		var all sync.WaitGroup
		var mu sync.Mutex
		codes := map[string]int{}
		for i := range 8 {
			all.Go(func() {
				_, err := h.desk.Upload(t.Context(), w, no, "photos", "photos", strconv.Itoa(i), photo(t, 20+i))
				mu.Lock()
				codes[codeOf(err)]++
				mu.Unlock()
			})
		}
		all.Wait()
		if codes[""] != 3 || codes["file.many"] != 5 {
			t.Fatalf("uploads ended as %v", codes)
		}
		// What was refused was not counted: 57 of 60 are left today.
		for i := range 57 {
			f := h.show(w, no).View.Fields[0].Files[0]
			if err := h.desk.Discard(t.Context(), w, no, f.ID); err != nil {
				t.Fatal(err)
			}
			h.upload(w, no, "photos", "photos", strconv.Itoa(i), photo(t, 20))
		}
		f := h.show(w, no).View.Fields[0].Files[0]
		if err := h.desk.Discard(t.Context(), w, no, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Upload(t.Context(), w, no, "photos", "photos", "x", photo(t, 20)); codeOf(err) != "budget.cases.files.day" {
			t.Errorf("the 61st: %v", err)
		}
	})
}

// TestFilesAreSealed: neither the names nor the contents lie open in the database, nor in the log of events.
func TestFilesAreSealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := renovation(h, 0)
	f := h.upload(w, no, "photos", "photos", "张小敏的家.jpg", photo(t, 20))
	var name, body []byte
	if err := h.db.QueryRow(t.Context(), `select name, body from cases_file where id = $1`, f.ID).Scan(&name, &body); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(name, []byte("张小敏")) || bytes.Contains(body, []byte("JFIF")) || bytes.HasPrefix(body, []byte{0xff, 0xd8}) {
		t.Error("it lies open")
	}
	for _, e := range h.pump.Names(no) {
		if strings.Contains(e, "张小敏") {
			t.Error("an event tells")
		}
	}
	var out bytes.Buffer
	if err := h.desk.Export(t.Context(), w.Actor, &out); err != nil {
		t.Fatal(err)
	}
	var list []struct {
		No    string
		Files []struct{ Name, Path string }
	}
	if err := json.Unmarshal(out.Bytes(), &list); err != nil || len(list) != 1 || len(list[0].Files) != 1 || list[0].Files[0].Name != "张小敏的家.jpg" ||
		list[0].Files[0].Path != "/cases/"+no+"/files/"+f.ID {
		t.Errorf("exported %s, %v", out.String(), err)
	}
}

// TestNamesOfFiles: a name is shown and kept, so it holds no folders, no marks and no lines (security.md T18, T33).
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, no := renovation(h, 0)
	for in, want := range map[string]string{
		"../../etc/passwd":                 "passwd.jpg",
		`..\..\windows\a.exe`:              "a.jpg",
		"a.jpg\r\nSet-Cookie: x=1":         "a.jpg",
		"evil\u202egpj.exe":                "evilgpj.jpg",
		`"><script>alert(1)</script>`:      "script.jpg",
		"":                                 "file.jpg",
		"...":                              "file.jpg",
		strings.Repeat("长", 200) + ".jpeg": strings.Repeat("长", 60) + ".jpg",
		"\xff\xfe":                         "file.jpg",
		"照片 (1).JPG":                       "照片 (1).jpg",
	} {
		f := h.upload(w, no, "photos", "photos", in, photo(t, 20))
		if f.Name != want {
			t.Errorf("%q is kept as %q, want %q", in, f.Name, want)
		}
		if err := h.desk.Discard(t.Context(), w, no, f.ID); err != nil {
			t.Fatal(err)
		}
	}
}

package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/server"
	"zhijian/testkit/house"
)

// largePhoto is a file of a photo as a phone makes it: 12 megapixels and over 5 MB, more than the service takes.
func largePhoto(t *testing.T, name string) string {
	t.Helper()
	m, dice := image.NewRGBA(image.Rect(0, 0, 4000, 3000)), rand.New(rand.NewPCG(1, 2))
	for y := range 3000 {
		for x := range 4000 {
			n := uint8(dice.IntN(40))
			m.SetRGBA(x, y, color.RGBA{uint8(x/20) + n/2, uint8(y/16) + n/2, 140 + n, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 97}); err != nil {
		t.Fatal(err)
	}
	if b.Len() < 5<<20 {
		t.Fatalf("the photo has %d bytes, want one that is too large", b.Len())
	}
	return written(t, name, b.Bytes())
}

func written(t *testing.T, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// toPhotos goes to the page that asks for files, and gives the case's number.
func (w *window) toPhotos(who server.ResidentLogin) string {
	w.t.Helper()
	w.enter(who)
	w.begin(house.AsksFiles)
	w.fill("address", "文三路 1 号")
	w.press("下一步")
	return strings.Split(w.path(), "/")[2]
}

// TestFilesInABrowser uploads with script, which makes photos smaller, and without, where the form alone does it. GALLERY keeps pictures.
func TestFilesInABrowser(t *testing.T) {
	t.Parallel()
	h := house.OpenWithFiles(t, "", "../..")
	all := newAlbum(t)
	t.Run("with script", func(t *testing.T) {
		a, w := all.part(), newWindow(t, h)
		w.withAxe()
		a.t = t
		no := w.toPhotos(h.Resident(t, "L4", 0))
		a.take(w, "files-none")
		w.load("choose photos", chromedp.SetUploadFiles(`#photos`, []string{largePhoto(t, "东墙.jpg"), largePhoto(t, "西墙.jpg")}))
		w.reads("东墙.jpg", "西墙.jpg")
		if n := js[float64](w, `Promise.all([...document.querySelectorAll('img.zj-file__p')].map(i => {
			i.loading = 'eager';
			return i.decode().then(() => i.naturalWidth);
		})).then(l => Math.max(...l))`); n != 2000 {
			t.Errorf("the photo is kept %v pixels wide, want 2000", n)
		}
		w.load("choose a document", chromedp.SetUploadFiles(`#drawing`, []string{written(t, "图纸.pdf", []byte("%PDF-1.4\n%%EOF\n"))}))
		w.reads("图纸.pdf", "要换请先删除")
		a.take(w, "files-some")
		w.load("choose what is no photo", chromedp.SetUploadFiles(`#photos`, []string{written(t, "不是照片.jpg", []byte("<html>"))}))
		w.reads("只能上传照片")
		a.take(w, "files-wrong")
		w.press("下一步")
		w.reads("请核对", "东墙.jpg")
		a.take(w, "files-check")
		w.press("确认提交")
		w.reads("正在审核")
		desk := newWindow(t, h)
		desk.withAxe()
		desk.desk()
		desk.must("/console/login")
		desk.staffIn(staffOf(t, h, "traffic-police"))
		desk.open("/console/cases/" + no)
		desk.pick("purpose", "handling")
		desk.press("查看")
		desk.reads("东墙.jpg", "图纸.pdf")
		a.takeDesk(desk, "files-desk")
	})
	t.Run("without script", func(t *testing.T) {
		w := newWindow(t, h)
		w.withoutScript()
		w.toPhotos(h.Resident(t, "L4", 6))
		small := &bytes.Buffer{}
		if err := jpeg.Encode(small, image.NewGray(image.Rect(0, 0, 80, 60)), nil); err != nil {
			t.Fatal(err)
		}
		w.do("choose a photo", chromedp.SetUploadFiles(`#photos`, []string{written(t, "东墙.jpg", small.Bytes())}))
		w.press("上传选好的文件")
		w.reads("东墙.jpg")
		w.press("删除")
		w.do("choose a photo", chromedp.SetUploadFiles(`#photos`, []string{written(t, "西墙.jpg", small.Bytes())}))
		w.press("下一步")
		w.reads("请核对", "西墙.jpg")
	})
}

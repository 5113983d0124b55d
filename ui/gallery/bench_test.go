package gallery_test

import (
	"context"
	"io"
	"testing"

	"zhijian/ui/asset"
	"zhijian/ui/gallery"
)

// BenchmarkHome renders the city home, the page that is asked for most.
func BenchmarkHome(b *testing.B) {
	a, err := asset.New()
	if err != nil {
		b.Fatal(err)
	}
	page := gallery.Sheets(a, gallery.Look{Lang: "zh"})[0].Show
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

package find_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service/find"
)

func FuzzSearch(f *testing.F) {
	for _, c := range queries {
		f.Add(c.q)
	}
	for _, q := range []string{"\xff\xfe", strings.Repeat("交", 300), strings.Repeat("ab ", 100), strings.Repeat("n", 64), "İıſ", "𠀀𠀁", "'''", "a'", "ü"} {
		f.Add(q)
	}
	x := find.New(kinds(f, false), synonyms(f))
	f.Fuzz(func(t *testing.T, q string) {
		first := x.Search(q, 5)
		for _, h := range first.Hits {
			last := 0
			for _, m := range h.Marks {
				if m[0] < last || m[1] <= m[0] || m[1] > utf8.RuneCountInString(h.Doc.Title) {
					t.Errorf("%q marks %v in %s", q, h.Marks, h.Doc.Title)
				}
				last = m[1] + 1
			}
		}
		if diff := cmp.Diff(first, x.Search(q, 5)); diff != "" {
			t.Errorf("%q finds two things: %s", q, diff)
		}
	})
}

// FuzzNew builds an index over arbitrary texts.
func FuzzNew(f *testing.F) {
	f.Add("电费", "交电费", "电费", "dianfei")
	f.Add("\xff", "a'b ü", "12", "𠀀")
	f.Fuzz(func(t *testing.T, title, keyword, official, q string) {
		x := find.New([]find.Doc{{ID: "a", Title: title, Keywords: []string{keyword}, Sub: q}, {ID: "b", Title: keyword}},
			find.Synonyms{{Word: q, Official: []string{official}, Say: true, Lang: "zh"}})
		x.Search(q, 3)
		x.Search(title, 3)
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	x := find.New(kinds(t, false), synonyms(t))
	want := make([]find.Result, len(queries))
	for i, c := range queries {
		want[i] = x.Search(c.q, 5)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i, c := range queries {
				if diff := cmp.Diff(want[i], x.Search(c.q, 5)); diff != "" {
					t.Errorf("%q: %s", c.q, diff)
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkSearch walks through all queries of the table, one per operation, and reports the median and the slowest hundredth.
func BenchmarkSearch(b *testing.B) {
	for _, size := range []int{101, 5000} {
		docs := kinds(b, false)
		for n := len(docs); len(docs) < size; n++ {
			d := docs[n%101]
			d.ID, d.Title = fmt.Sprint(n), fmt.Sprintf("第%d号%s", n, d.Title)
			docs = append(docs, d)
		}
		x := find.New(docs, synonyms(b))
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			i := 0
			for b.Loop() {
				began := time.Now()
				x.Search(queries[i%len(queries)].q, 10)
				took = append(took, time.Since(began))
				i++
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	docs, list := kinds(b, false), synonyms(b)
	for b.Loop() {
		find.New(docs, list)
	}
}

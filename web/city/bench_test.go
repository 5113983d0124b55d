package city_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/ground/seal"
)

// BenchmarkResidentHome is a signed-in resident's home without what the reads cost.
func BenchmarkResidentHome(b *testing.B) {
	g := build(b)
	g.desk.open = []cases.Waiting{{
		Case: cases.Case{No: "7K2Q9D0M7K2Q9D0MA", City: "330100", Service: "traffic-fine-payment", State: cases.Paying, Summary: seal.Plain("浙A·8K2*7")}, Amount: 15000, Until: g.clock.Now().Add(15 * time.Minute),
	}}
	r := httptest.NewRequest("GET", "/city/hangzhou", nil)
	r.Host = "127.0.0.1"
	r.Header.Set("Cookie", "zj=r1; css=v1; city=hangzhou")
	b.ReportAllocs()
	for b.Loop() {
		g.h.ServeHTTP(blank{http.Header{}}, r)
	}
}

// blank keeps nothing of an answer.
type blank struct{ h http.Header }

func (b blank) Header() http.Header       { return b.h }
func (blank) WriteHeader(int)             {}
func (blank) Write(p []byte) (int, error) { return len(p), nil }

package measure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/observatory/measure"
)

var few = rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 9)

func shuffled[T any](list []T) []T {
	out := slices.Clone(list)
	r := rand.New(rand.NewPCG(1, uint64(len(list))))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// bestSSE tries every division of the sorted values.
func bestSSE(sorted []float64, k int) float64 {
	sse := func(part []float64) float64 {
		m, s := measure.Mean(part), 0.0
		for _, v := range part {
			s += (v - m) * (v - m)
		}
		return s
	}
	if k == 1 {
		return sse(sorted)
	}
	best := math.Inf(1)
	for cut := k - 1; cut < len(sorted); cut++ {
		best = min(best, bestSSE(sorted[:cut], k-1)+sse(sorted[cut:]))
	}
	return best
}

func TestKMeansIsTheOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := few.Draw(t, "values")
		distinct := slices.Clone(values)
		slices.Sort(distinct)
		k := rapid.IntRange(1, len(slices.Compact(slices.Clone(distinct)))).Draw(t, "k")
		c := measure.KMeans(values, k)
		if want := bestSSE(distinct, k); math.Abs(c.SSE-want) > 1e-6*max(1, want) {
			t.Fatalf("SSE %v, the best division has %v", c.SSE, want)
		}
		if l := measure.LloydLine(values, k); l.SSE < c.SSE-1e-6*max(1, c.SSE) {
			t.Fatalf("Lloyd found %v below the optimum %v", l.SSE, c.SSE)
		}
		again := measure.KMeans(shuffled(values), k)
		again.Of, c.Of = nil, nil
		if d := cmp.Diff(c, again); d != "" {
			t.Fatal("the order of the values shows:", d)
		}
	})
}

func TestKMeansTable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		values  []float64
		k       int
		sizes   []int
		centres []float64
		of      []int
	}{
		"three clear groups":   {[]float64{1, 10, 2, 11, 100}, 3, []int{1, 2, 2}, []float64{100, 10.5, 1.5}, []int{2, 1, 2, 1, 0}},
		"equals stay together": {[]float64{5, 5, 5, 9}, 3, []int{1, 3}, []float64{9, 5}, []int{1, 1, 1, 0}},
		"a tie of borders":     {[]float64{0, 1, 2}, 2, []int{2, 1}, []float64{1.5, 0}, []int{1, 0, 0}},
		"nothing":              {nil, 2, nil, nil, []int{}},
	} {
		got := measure.KMeans(c.values, c.k)
		if d := cmp.Diff([]any{c.sizes, c.centres, c.of}, []any{got.Sizes, got.Centres, got.Of}); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestElbowAndSilhouette(t *testing.T) {
	t.Parallel()
	values := []float64{1, 2, 3, 101, 102, 103, 201, 202, 203}
	sse, at := measure.Elbow(values, 6)
	if at != 3 || len(sse) != 6 || !slices.IsSortedFunc(sse, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
		t.Errorf("the bend of %v is at %d, want 3", sse, at)
	}
	c := measure.KMeans(values, 3)
	if s := measure.Silhouette(values, c.Of); s < 0.98 || s > 1 {
		t.Errorf("silhouette %v of three far groups", s)
	}
}

// TestWilson: the figures of Newcombe (1998), table I, and the ends.
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part, whole int64
		low, high   float64
	}{{81, 263, 25.53, 36.62}, {15, 148, 6.24, 16.05}, {0, 20, 0, 16.11}, {1, 29, 0.61, 17.18}, {20, 20, 83.89, 100}} {
		low, high, ok := measure.Wilson(c.part, c.whole)
		if !ok || math.Abs(low-c.low) > 0.006 || math.Abs(high-c.high) > 0.006 {
			t.Errorf("%d of %d: %.3f to %.3f, want %.2f to %.2f", c.part, c.whole, low, high, c.low, c.high)
		}
	}
	for _, c := range [][2]int64{{0, 0}, {-1, 5}, {6, 5}} {
		if _, _, ok := measure.Wilson(c[0], c[1]); ok {
			t.Errorf("%v has no interval", c)
		}
	}
}

func TestLloyd(t *testing.T) {
	t.Parallel()
	points := []measure.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 10, Y: 1}, {X: 11, Y: 1}}
	p := measure.Lloyd(points, 2, measure.Raw)
	if d := cmp.Diff(measure.Planar{Centres: []measure.Point{{X: 10.5, Y: 1}, {X: 0.5, Y: 0}}, Sizes: []int{2, 2}, Of: []int{1, 1, 0, 0}, Rounds: 1}, p); d != "" {
		t.Error(d)
	}
	if z := measure.Lloyd([]measure.Point{{X: 0, Y: 0}, {X: 1000, Y: 0}, {X: 0, Y: 1}, {X: 1000, Y: 1}}, 4, measure.ZScore); len(z.Centres) < 2 {
		t.Errorf("scaled points ended in %v", z)
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	values := []int64{5, 9, 5, 7}
	code := []string{"b", "x", "a", "y"}
	settle := func(i, j int) int {
		if code[i] < code[j] {
			return -1
		}
		return 1
	}
	for rule, want := range map[measure.Rule][]int{
		measure.Competition: {3, 1, 3, 2}, measure.Dense: {3, 1, 3, 2}, measure.Ordinal: {4, 1, 3, 2},
	} {
		if got := measure.Rank(4, rule, measure.Descending(values), settle); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", rule, got, want)
		}
	}
	values = []int64{9, 9, 5}
	if got := measure.Rank(3, measure.Competition, measure.Descending(values), nil); !slices.Equal(got, []int{1, 1, 3}) {
		t.Errorf("competition %v", got)
	}
	if got := measure.Rank(3, measure.Dense, measure.Descending(values), nil); !slices.Equal(got, []int{1, 1, 2}) {
		t.Errorf("dense %v", got)
	}
	if groups, members := measure.Ties([]int64{1, 1, 2, 3, 3, 3}); groups != 2 || members != 5 {
		t.Errorf("ties %d %d", groups, members)
	}
}

func TestCorrelation(t *testing.T) {
	t.Parallel()
	x, y := []float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5}
	if c := measure.Spearman(x, y); math.Abs(c.R-0.8) > 1e-12 || c.Low >= c.R || c.High <= c.R || c.N != 5 {
		t.Errorf("Spearman %+v, want 0.8", c)
	}
	if c := measure.Pearson(x, []float64{2, 4, 6, 8, 10}); c.R != 1 || c.Low != 1 {
		t.Errorf("Pearson of a line %+v", c)
	}
	if c := measure.Pearson(x, []float64{3, 3, 3, 3, 3}); c.R != 0 {
		t.Errorf("what does not vary correlates: %+v", c)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 30).Draw(t, "n")
		x, y := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), n, n).Draw(t, "x"), rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), n, n).Draw(t, "y")
		c, back := measure.Spearman(x, y), measure.Spearman(y, x)
		if c.R < -1 || c.R > 1 || c.Low > c.R || c.High < c.R || math.Abs(c.R-back.R) > 1e-12 {
			t.Fatalf("%+v, turned round %+v", c, back)
		}
	})
}

func TestShares(t *testing.T) {
	t.Parallel()
	if g := measure.Gini([]float64{1, 1, 1, 1}); g != 0 {
		t.Errorf("equal values have Gini %v", g)
	}
	if g := measure.Gini([]float64{0, 0, 0, 8}); g != 0.75 {
		t.Errorf("one of four has everything: Gini %v, want 0.75", g)
	}
	if l := measure.Lorenz([]float64{3, 1}); !slices.Equal(l, []measure.Point{{}, {X: 0.5, Y: 0.25}, {X: 1, Y: 1}}) {
		t.Errorf("Lorenz %v", l)
	}
	if s := measure.TopShare([]int64{1, 6, 3}, 2); s != 90 {
		t.Errorf("the first two have %v", s)
	}
	rapid.Check(t, func(t *rapid.T) {
		values := few.Draw(t, "values")
		g := measure.Gini(values)
		if g < 0 || g >= 1 || g != measure.Gini(shuffled(values)) || measure.Sum(values) != measure.Sum(shuffled(values)) {
			t.Fatalf("Gini %v depends on order or leaves its bounds", g)
		}
	})
}

func TestZipf(t *testing.T) {
	t.Parallel()
	var law []int64
	for k := 1; k <= 52; k++ {
		law = append(law, int64(math.Round(1e12*math.Pow(float64(k), -1.344))))
	}
	z := measure.FitZipf(law)
	if math.Abs(z.Exponent-1.344) > 1e-6 || z.R2 < 0.999999 || z.N != 52 {
		t.Errorf("%+v, want exponent 1.344", z)
	}
	if s := measure.ZipfShare(52, 10, 1); math.Abs(s-64.5) > 0.05 {
		t.Errorf("exponent 1 over 52 kinds gives the first ten %v, want 64.5", s)
	}
	if e, ok := measure.ExponentFor(52, 10, 80.1); !ok || math.Abs(e-1.344) > 0.001 {
		t.Errorf("80.1%% needs %v, want 1.344", e)
	}
	if _, ok := measure.ExponentFor(52, 10, 5); ok {
		t.Error("ten of 52 cannot have 5%")
	}
}

func TestGranularity(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct {
		n  int64
		k  int64
		ok bool
	}{
		"50.1": {334, 0, false}, "50.0": {334, 167, true}, "50.3": {334, 168, true}, "99.1": {334, 331, true},
		"40.5": {37, 15, true}, "83.9": {31, 26, true}, "60.0": {50, 30, true}, "65.5": {792, 519, true}, "0": {7, 0, true}, "100": {7, 7, true},
	} {
		p, ok := measure.ParsePrinted(text)
		if !ok {
			t.Fatalf("%s is not read", text)
		}
		if k, ok := p.Possible(c.n); ok != c.ok || ok && k != c.k {
			t.Errorf("%s of %d: %d %v, want %d %v", text, c.n, k, ok, c.k, c.ok)
		}
	}
	p, _ := measure.ParsePrinted("50.1")
	if b := p.Bases(400, 1000); !slices.Contains(b, 335) || slices.Contains(b, 334) || !slices.Contains(b, 337) {
		t.Errorf("bases of 50.1%%: %v", b)
	}
	for _, bad := range []string{"", "x", "-1", ".", "1234567890123456"} {
		if _, ok := measure.ParsePrinted(bad); ok {
			t.Errorf("%q is read as a percentage", bad)
		}
	}
}

func TestMeansAndGrowth(t *testing.T) {
	t.Parallel()
	got := measure.GroupMeans([]string{"b", "a", "b"}, []float64{1, 5, 3})
	if d := cmp.Diff([]measure.Group[string]{{"a", 1, 5}, {"b", 2, 2}}, got); d != "" {
		t.Error(d)
	}
	if g, ok := measure.Growth(83641, 40641); !ok || math.Abs(g-105.8) > 0.05 {
		t.Errorf("growth %v", g)
	}
	if _, ok := measure.Growth(1, 0); ok {
		t.Error("growth from nothing has no number")
	}
	if m := measure.Median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("median %v", m)
	}
	for x, want := range map[float64]float64{0.1 + 0.2: 0.3, 12345678901.5: 12345678902, 1e-30: 1e-30, 924.2857142857143: 924.2857143} {
		if got := measure.Round(x); got != want {
			t.Errorf("Round(%v) = %v, want %v", x, got, want)
		}
	}
}

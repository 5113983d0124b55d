package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/store/editions"
	"zhijian/testkit/house"
)

// read gives an answer's status and body.
func read(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestShowcase: a demonstration has an edition when somebody first looks; one that is added to the shelf later is shown
// without a restart; the API says what the files say.
func TestShowcase(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	if status, _ := read(t, h.Ready.APIURL+"/observatory/key"); status != http.StatusNotFound {
		t.Errorf("a key before anything was signed: %d", status)
	}
	status, text := read(t, h.Ready.APIURL+"/observatory/editions")
	var list []struct {
		Name      string
		Simulated bool
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil || status != http.StatusOK || len(list) != 2 || list[1].Name != "2015" || !list[1].Simulated {
		t.Fatalf("editions: %d, %s, %v", status, text, err)
	}
	_, one := read(t, h.Ready.APIURL+"/observatory/editions/2015/exhibits/table-1")
	_, file := read(t, h.Ready.BaseURL+"/observatory/exhibits/table-1.json")
	var api, given observatory.Exhibit
	if err := json.Unmarshal([]byte(one), &api); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(file), &given); err != nil {
		t.Fatal(err)
	}
	if a, b := api.Table(), given.Table(); len(a) != 11 || strings.Join(a[1], "|") != strings.Join(b[1], "|") {
		t.Errorf("the API says %v, the file %v", a, b)
	}
	if status, text := read(t, h.Ready.APIURL+"/observatory/editions/2015/exhibits"); status != http.StatusOK || strings.Count(text, `"id":`) < 50 {
		t.Errorf("exhibits: %d, %.300s", status, text)
	}
	for _, path := range []string{"/observatory/editions/1999/exhibits", "/observatory/editions/2015/exhibits/table-99", "/observatory/editions/1999/exhibits/table-1"} {
		if status, _ := read(t, h.Ready.APIURL+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}

	account := h.Ready.BaseURL + "/observatory/accounts/sim0000001"
	if status, text := read(t, account); status != http.StatusOK || !strings.Contains(text, "noindex") || !strings.Contains(text, "共 83,641") {
		t.Errorf("an account: %d", status)
	}

	shelf := editions.Open(h.Data)
	var key struct{ Key string }
	_, text = read(t, h.Ready.APIURL+"/observatory/key")
	if err := json.Unmarshal([]byte(text), &key); err != nil {
		t.Fatal(err)
	}
	if trusted, err := editions.ParseKey(key.Key); err != nil {
		t.Errorf("%s: %v", text, err)
	} else if _, err := shelf.Signer("2015", trusted); err != nil {
		t.Errorf("the published key did not sign: %v", err)
	}
	facts, _, err := shelf.Facts("2014")
	if err != nil {
		t.Fatal(err)
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	facts.Accounts[0].Verified = !facts.Accounts[0].Verified
	if _, err := shelf.Put(editions.Manifest{Name: "2016"}, facts, false); err != nil {
		t.Fatal(err)
	}
	if _, text := read(t, h.Ready.APIURL+"/observatory/editions"); strings.Contains(text, "2016") {
		t.Error("an edition without exhibits is shown")
	}
	exhibits, err := observatory.Compute(facts, nil, cat)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.Save("2016", "test", exhibits); err != nil {
		t.Fatal(err)
	}
	if status, text := read(t, h.Ready.BaseURL+"/observatory/exhibits/summary"); status != http.StatusOK || !strings.Contains(text, "版次 2016") || strings.Contains(text, "模拟数据") {
		t.Errorf("the new edition is not shown: %d", status)
	}
	for path, of := range map[string]string{"": "共 40,641", "?edition=2015": "共 83,641", "?edition=2014": "共 40,641"} {
		if status, text := read(t, account+path); status != http.StatusOK || !strings.Contains(text, of) {
			t.Errorf("the account %s: %d", path, status)
		}
	}
	if status, _ := read(t, account+"?edition=1999"); status != http.StatusNotFound {
		t.Errorf("an account of no edition: %d", status)
	}
}

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPull: what a platform tells is a table that import takes.
func TestPull(t *testing.T) {
	const secret = "not-to-be-seen"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/cgi-bin/token" && r.URL.Query().Get("secret") != secret:
			fmt.Fprint(w, `{"errcode":40125,"errmsg":"invalid appsecret"}`)
		case r.URL.Path == "/cgi-bin/token":
			fmt.Fprint(w, `{"access_token":"t","expires_in":7200}`)
		case r.URL.Path == "/datacube/getuserread":
			fmt.Fprint(w, `{"list":[{"ref_date":"2015-08-03","int_page_read_user":12,"int_page_read_count":20,"ori_page_read_count":1}]}`)
		default:
			fmt.Fprint(w, `{"list":[]}`)
		}
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	pull := func(args ...string) error {
		return observatoryLine(t, append([]string{"pull", "--base", server.URL, "--private", "--appid", "wx1", "--month", "2015-08", "--out", out}, args...)...)
	}
	file := write(t, filepath.Join(dir, "secret"), secret+"\n")
	if err := pull("--secret-file", file, "--account-id", "a"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(out, "months.csv"))
	if want := "account_id,month,active_users,clicks,service_visits\na,2015-08,12,21,\n"; err != nil || string(b) != want {
		t.Errorf("%s, want %s (%v)", b, want, err)
	}
	days, err := os.ReadFile(filepath.Join(out, "days.csv"))
	if err != nil || strings.Count(string(days), "\n") != 32 || !strings.Contains(string(days), "\na,2015-08-03,0,0,0,12,20,0,1,0,0,0,0,0,0\n") {
		t.Errorf("%s (%v)", days, err)
	}
	accounts := write(t, filepath.Join(dir, "accounts.csv"), accountsText)
	if err := observatoryLine(t, "import", "--data", filepath.Join(dir, "data"), "--edition", "e", "--accounts", accounts, "--months", filepath.Join(out, "months.csv")); err != nil {
		t.Errorf("import does not take it: %v", err)
	}
	t.Setenv(secretVariable, "")
	if err := pull(); err == nil || !strings.Contains(err.Error(), "--secret-file") {
		t.Errorf("no secret: %v", err)
	}
	t.Setenv(secretVariable, "wrong")
	if err := pull(); err == nil || !strings.Contains(err.Error(), "does not belong to this appid") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong secret: %v", err)
	}
	t.Setenv(secretVariable, secret)
	if err := pull(); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(out, "months.csv")); err != nil || !strings.Contains(string(b), "\nwx1,2015-08,") {
		t.Errorf("without an id the appid stands: %s (%v)", b, err)
	}
}

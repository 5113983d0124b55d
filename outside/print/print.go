// Package print turns a page of HTML into a PDF through a headless Chromium that is installed on the machine.
//
// The page must be self-contained: nothing is fetched. The PDF is tagged for screen readers, has the headings as bookmarks and its
// fonts embedded. The browser runs with a profile of its own in a temporary folder and is ended when the context or the time ends.
// fault.Unavailable when there is no browser or no Chinese font; nothing is installed.
package print

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"zhijian/ground/fault"
)

// browsers are the names Chromium goes by, the first found is taken.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// Longest is how long one printing may take.
const Longest = 2 * time.Minute

// PDF prints a page.
func PDF(ctx context.Context, html []byte) (_ []byte, err error) {
	defer fault.Wrap(&err, "print")
	browser, err := found()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, Longest)
	defer cancel()
	if err := chinese(ctx); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "zhijian-print-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	page, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, html, 0o600); err != nil {
		return nil, err
	}
	args := []string{
		"--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer",
		"--export-tagged-pdf", "--generate-pdf-document-outline", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium has no sandbox for root; the page is ours and fetches nothing
	}
	run := exec.CommandContext(ctx, browser, append(args, "file://"+page)...)
	run.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	run.Stderr = &said
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", browser, err, tail(said.Bytes()))
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s wrote nothing: %w: %s", browser, err, tail(said.Bytes()))
	}
	return pdf, nil
}

func found() (string, error) {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fault.Unavailable("print.browser", "没有找到 Chromium，请先安装，或改用 html")
}

// chinese asks fontconfig whether there is a font with Chinese characters.
func chinese(ctx context.Context) error {
	list, err := exec.CommandContext(ctx, "fc-list", ":lang=zh", "family").Output()
	if err != nil || len(bytes.TrimSpace(list)) == 0 {
		return fault.Unavailable("print.font", "没有找到中文字体，请先安装，例如 fonts-noto-cjk")
	}
	return nil
}

// tail is the end of what the browser said.
func tail(b []byte) []byte {
	return bytes.TrimSpace(b[max(0, len(b)-400):])
}

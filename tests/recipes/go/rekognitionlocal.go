// Package birds shows tests in Go. Copy this file: it starts a rekognition-local on a free port, and stops it at the end.
package birds

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
)

// RekognitionLocal is the URL of a server that ends with the test.
func RekognitionLocal(t testing.TB, options ...string) string {
	t.Helper()
	if url := os.Getenv("REKOGNITION_LOCAL_URL"); url != "" {
		return url // that of `rekognition-local exec`
	}
	program := os.Getenv("REKOGNITION_LOCAL")
	if program == "" {
		program = "rekognition-local"
	}
	command := exec.Command(program, append([]string{"--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off"}, options...)...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", program, command.Wait())
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		if err := command.Wait(); err != nil {
			t.Errorf("%s: %v", program, err)
		}
	})
	_, url, _ := strings.Cut(strings.TrimSpace(line), " ready on ")
	return url
}

// Client is one of an account that nobody else has.
func Client(t testing.TB, url string) *rekognition.Client {
	t.Helper()
	account, err := rand.Int(rand.Reader, big.NewInt(1e12))
	if err != nil {
		t.Fatal(err)
	}
	return rekognition.New(rekognition.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(url),
		Credentials:  credentials.NewStaticCredentialsProvider(fmt.Sprintf("%012d", account), "any", ""),
	})
}

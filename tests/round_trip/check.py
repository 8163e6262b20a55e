"""Makes people with hard names, fetches their cards as files, and reads those with vobject and zbarimg."""

import base64
import json
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
import zlib

import vobject

PROGRAM, DATA, URL = sys.argv[1:]
PASSWORD = "correct horse battery staple\n"
PERSONAL = ["full_name", "primary_email", "mobile_number", "home_address", "bio", "website"]
PROFESSIONAL = ["designation", "department", "company_name", "office_email", "office_phone", "office_address"]
NAMES = [
    "Ada Lovelace",
    "Madonna",
    "Jörg Müller-Lüdenscheidt; von, und \\zu\\ \"Hohenstein\"",
    "محمد بن موسى الخوارزمي",
    "司馬相如",
    "Nguyễn Thị Minh Khai 🎋",
    "a" * 60,
    "李" * 60,
]


def run(*arguments, given=None):
    command = [PROGRAM, *arguments, "--data-dir", DATA]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def fetch(path, method="GET", body=None, token=None, media="application/json"):
    headers = {"Content-Type": media}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(URL + path, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request) as reply:
        return reply.read()


def wait():
    for _ in range(100):
        try:
            return fetch("/readyz")
        except urllib.error.URLError:
            time.sleep(0.05)
    raise SystemExit("the server did not get ready")


def picture():
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x40\x80\xc0" * 64 for _ in range(64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def person(number, name):
    email = f"person-{number}@example.org"
    run("user", "add", email, "--handle", f"person-{number}", "--name", "Somebody", "--role", "member",
        "--password-stdin", given=PASSWORD)
    token = run("token", "add", email, "--name", "test", "--scope", "cards:write", "--scope", "profile:write")
    personal = {
        "full_name": name, "primary_email": "a+b@example.org", "mobile_number": "+49 (151) 234-567",
        "home_address": "Hauptstr. 1; Hof, links\n10115 Berlin", "bio": f"One, two; three\\four\nfive {name}" * 5,
        "website": "https://example.org/a,b;c", "version": 0,
    }
    professional = {
        "designation": "Dr., Dr.; h\\c", "department": "R&D; Labs", "company_name": "Müller, Meier; Söhne\\Töchter",
        "office_email": "office@example.org", "office_phone": "030 901820 ext 7", "office_address": "x\ny",
        "version": 0,
    }
    fetch("/api/profile/personal", "PUT", json.dumps(personal).encode(), token)
    fetch("/api/profile/professional", "PUT", json.dumps(professional).encode(), token)
    fetch("/api/profile/photo", "PUT", picture(), token, "image/png")
    card = {
        "name": "Card", "fields_config": {"personal": PERSONAL, "professional": PROFESSIONAL},
        "links": [{"platform": "github", "label": "Côde, & more; here", "url": "https://github.com/a?b=c,d;e"}],
    }
    return json.loads(fetch("/api/cards", "POST", json.dumps(card).encode(), token)), personal, professional


def same(what, told, expected):
    if told != expected:
        raise SystemExit(f"{what}: {told!r} is not {expected!r}")


def check_vcard(card, personal, professional):
    path = f"/c/{card['slug']}.vcf"
    text = fetch(path)
    for line in text.split(b"\r\n"):
        if len(line) > 75 or b"\n" in line:
            raise SystemExit(f"{path}: a line of {len(line)} octets: {line!r}")
        line.decode()
    read = vobject.readOne(text.decode())
    same("FN", read.fn.value, personal["full_name"])
    parts = (read.n.value.given, read.n.value.family)
    same("N", " ".join(part for part in parts if part), personal["full_name"])
    same("ORG", read.org.value, [professional["company_name"], professional["department"]])
    same("TITLE", read.title.value, professional["designation"])
    same("TEL", [tel.value for tel in read.tel_list], ["+49151234567", professional["office_phone"]])
    same("EMAIL", [mail.value for mail in read.email_list], [personal["primary_email"], "office@example.org"])
    same("ADR", [adr.value.street for adr in read.adr_list], [personal["home_address"], "x\ny"])
    same("NOTE", read.note.value, personal["bio"])
    same("URL", [url.value for url in read.url_list], [
        card["url"], "https://example.org/a%2Cb%3Bc", "https://github.com/a?b=c%2Cd%3Be"])
    same("X-ABLabel", read.x_ablabel.value, "Côde, & more; here")
    uid = uuid.UUID(read.uid.value)
    same("UID", uid.version, 8)
    photo = read.photo.value
    photo = photo if isinstance(photo, bytes) else base64.b64decode(photo)
    same("PHOTO", photo[:3], b"\xff\xd8\xff")
    lines = fetch(path + "?v=4").decode().split("\r\n")
    same("VERSION", lines[1], "VERSION:4.0")
    same("UID in both", f"UID:urn:uuid:{uid}" in lines, True)


def check_code(card):
    for query in ["", "?size=128", "?size=301", "?size=2048"]:
        png = fetch(f"/c/{card['slug']}/qr.png{query}")
        command = ["zbarimg", "--quiet", "--raw", "PNG:-"]
        done = subprocess.run(command, input=png, capture_output=True, check=True)
        same(f"qr.png{query}", done.stdout.decode().strip(), card["url"])


def check_contact(card, personal, professional):
    for query in ["", "&size=1024"]:
        png = fetch(f"/c/{card['slug']}/qr.png?content=vcard{query}")
        command = ["zbarimg", "--quiet", "--raw", "PNG:-"]
        done = subprocess.run(command, input=png, capture_output=True, check=True)
        # zbarimg ends what it read with a line feed of its own.
        text = done.stdout.decode().removesuffix("\n")
        same("all of the code", (text[:13], text[-11:]), ("BEGIN:VCARD\r\n", "END:VCARD\r\n"))
        read = vobject.readOne(text)
        same("version", read.version.value, "3.0")
        same("FN of the code", read.fn.value, personal["full_name"])
        parts = (read.n.value.given, read.n.value.family)
        same("N of the code", " ".join(part for part in parts if part), personal["full_name"])
        same("ORG of the code", read.org.value, [professional["company_name"]])
        same("TITLE of the code", read.title.value, professional["designation"])
        same("TEL of the code", [tel.value for tel in read.tel_list], ["+49151234567"])
        same("EMAIL of the code", [mail.value for mail in read.email_list], [personal["primary_email"]])
        same("URL of the code", [url.value for url in read.url_list], [card["url"]])


def main():
    wait()
    for number, name in enumerate(NAMES):
        card, personal, professional = person(number, name)
        check_vcard(card, personal, professional)
        check_code(card)
        check_contact(card, personal, professional)
    print(f"{len(NAMES)} cards came back from vobject and zbarimg as they went")


main()

// About this file: OpenSSL's own functions make keys, certificates and signatures; nothing of X.509 is written here. Before the server
// runs, by the thread that starts it.
#include "app/serve/tls.h"

#include "engine/base/file.h"
#include "engine/base/str.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { CA_DAYS = 3650, CERT_DAYS = 397, RENEW_DAYS = 30, SERIAL_BYTES = 16 };
#define DAY_S 86400L

static shed_status
failed(const char *what, shed_error *err)
{
  char text[160];
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return shed_fail(err, SHED_E_NOMEM, what, "OpenSSL could not make it: %s", text);
}

// -- files -------------------------------------------------------------------------------------------------------------

// What OpenSSL wrote to memory, whole into a file that only its owner reads.
static shed_status
save(BIO *bio, const char *path, shed_error *err)
{
  char *data = NULL;
  long  n    = BIO_get_mem_data(bio, &data);
  return shed_file_write_atomic(path, data, (size_t)n, err);
}

static shed_status
save_cert(X509 *cert, X509 *issuer, const char *path, shed_error *err)
{
  BIO        *bio = BIO_new(BIO_s_mem());
  shed_status st =
      bio && PEM_write_bio_X509(bio, cert) == 1 && (!issuer || PEM_write_bio_X509(bio, issuer) == 1)
          ? save(bio, path, err)
          : failed(path, err);
  BIO_free(bio);
  return st;
}

static shed_status
save_key(EVP_PKEY *key, const char *path, shed_error *err)
{
  BIO        *bio = BIO_new(BIO_s_mem());
  shed_status st  = bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1
                        ? save(bio, path, err)
                        : failed(path, err);
  BIO_free(bio);
  return st;
}

// A file into a BIO over memory that *data holds.
static shed_status
load(const char *path, char **data, BIO **out, shed_error *err)
{
  enum { LONGEST = 1 << 20 };
  size_t      n  = 0;
  shed_status st = shed_file_read(path, LONGEST, NULL, data, &n, err);
  if (st == SHED_OK) {
    *out = BIO_new_mem_buf(*data, (int)n);
    st   = *out ? SHED_OK : SHED_E_NOMEM;
  }
  return st;
}

static shed_status
load_cert(const char *path, X509 **out, shed_error *err)
{
  char       *data = NULL;
  BIO        *bio  = NULL;
  shed_status st   = load(path, &data, &bio, err);
  if (st == SHED_OK && !(*out = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
    ERR_clear_error();
    st = shed_fail(err, SHED_E_FORMAT, path, "is no certificate in PEM form");
  }
  BIO_free(bio);
  shed_free(NULL, data);
  return st;
}

static shed_status
load_key(const char *path, EVP_PKEY **out, shed_error *err)
{
  char       *data = NULL;
  BIO        *bio  = NULL;
  shed_status st   = load(path, &data, &bio, err);
  if (st == SHED_OK && !(*out = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) ""))) {
    ERR_clear_error();
    st = shed_fail(err, SHED_E_FORMAT, path, "is no key in PEM form without a password");
  }
  BIO_free(bio);
  shed_free(NULL, data);
  return st;
}

// -- certificates ------------------------------------------------------------------------------------------------------

static bool
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
  X509_EXTENSION *x  = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
  bool            ok = x && X509_add_ext(cert, x, -1) == 1;
  X509_EXTENSION_free(x);
  return ok;
}

static bool
set_serial(X509 *cert)
{
  unsigned char random[SERIAL_BYTES];
  shed_random_bytes(random, sizeof(random));
  random[0] &= 0x7f;
  BIGNUM *n  = BN_bin2bn(random, sizeof(random), NULL);
  bool    ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
  BN_free(n);
  return ok;
}

// The frame of a certificate: version, number, times, name, key. NULL on failure.
static X509 *
begin(EVP_PKEY *key, const char *name, int days, int64_t now_s)
{
  X509      *cert    = X509_new();
  time_t     from    = (time_t)(now_s - DAY_S); // a clock of the room may be a little behind
  time_t     until   = (time_t)(now_s + days * DAY_S);
  X509_NAME *subject = cert ? X509_get_subject_name(cert) : NULL;
  if (cert && X509_set_version(cert, 2) == 1 && set_serial(cert) &&
      ASN1_TIME_set(X509_getm_notBefore(cert), from) && ASN1_TIME_set(X509_getm_notAfter(cert), until) &&
      X509_set_pubkey(cert, key) == 1 &&
      X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"Woodshed", -1, -1, 0) ==
          1 &&
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1) {
    return cert;
  }
  X509_free(cert);
  return NULL;
}

static shed_status
make_authority(const shed_tls_files *at, const char *ca_key, int64_t now_s, shed_error *err)
{
  char          name[64];
  unsigned char random[3];
  shed_random_bytes(random, sizeof(random)); // two rooms' authorities are told apart by people
  (void)snprintf(name, sizeof(name), "Woodshed room %02x%02x%02x", random[0], random[1], random[2]);
  EVP_PKEY   *key  = EVP_EC_gen("P-256");
  X509       *cert = key ? begin(key, name, CA_DAYS, now_s) : NULL;
  shed_status st   = SHED_OK;
  if (!cert || X509_set_issuer_name(cert, X509_get_subject_name(cert)) != 1 ||
      !extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !extend(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !extend(cert, cert, NID_subject_key_identifier, "hash") || X509_sign(cert, key, EVP_sha256()) == 0) {
    st = failed(at->ca, err);
  }
  if (st == SHED_OK) {
    st = save_key(key, ca_key, err);
  }
  if (st == SHED_OK) {
    st = save_cert(cert, NULL, at->ca, err);
  }
  X509_free(cert);
  EVP_PKEY_free(key);
  return st;
}

static bool
is_address(const char *name)
{
  return strchr(name, ':') || strspn(name, "0123456789.") == strlen(name);
}

static bool
add_names(X509 *cert, X509 *ca, const char *const *names, size_t n)
{
  shed_str text = {0};
  for (size_t i = 0; i < n; i++) {
    shed_str_addf(&text, "%s%s:%s", i ? "," : "", is_address(names[i]) ? "IP" : "DNS", names[i]);
  }
  bool ok = !text.failed && extend(cert, ca, NID_subject_alt_name, shed_str_text(&text));
  shed_str_free(&text);
  return ok;
}

static shed_status
make_cert(const shed_tls_files *at, const char *ca_key, const char *const *names, size_t n, int64_t now_s,
          shed_error *err)
{
  X509       *ca     = NULL;
  EVP_PKEY   *signer = NULL;
  EVP_PKEY   *key    = EVP_EC_gen("P-256");
  X509       *cert   = key ? begin(key, names[0], CERT_DAYS, now_s) : NULL;
  shed_status st     = load_cert(at->ca, &ca, err);
  if (st == SHED_OK) {
    st = load_key(ca_key, &signer, err);
  }
  if (st == SHED_OK && (!cert || X509_set_issuer_name(cert, X509_get_subject_name(ca)) != 1 ||
                        !extend(cert, ca, NID_basic_constraints, "critical,CA:FALSE") ||
                        !extend(cert, ca, NID_key_usage, "critical,digitalSignature") ||
                        !extend(cert, ca, NID_ext_key_usage, "serverAuth") ||
                        !extend(cert, ca, NID_authority_key_identifier, "keyid") ||
                        !add_names(cert, ca, names, n) || X509_sign(cert, signer, EVP_sha256()) == 0)) {
    st = failed(at->cert, err);
  }
  if (st == SHED_OK) {
    st = save_key(key, at->key, err);
  }
  if (st == SHED_OK) {
    st = save_cert(cert, ca, at->cert, err);
  }
  X509_free(cert);
  EVP_PKEY_free(key);
  EVP_PKEY_free(signer);
  X509_free(ca);
  return st;
}

// Whether a certificate still serves: signed by this authority, every name in it, not about to end.
static bool
still_serves(const shed_tls_files *at, const char *const *names, size_t n, int64_t now_s)
{
  X509  *ca    = NULL;
  X509  *cert  = NULL;
  time_t until = (time_t)(now_s + RENEW_DAYS * DAY_S);
  bool   ok    = load_cert(at->ca, &ca, NULL) == SHED_OK && load_cert(at->cert, &cert, NULL) == SHED_OK &&
            shed_tls_check(at->cert, at->key, NULL) == SHED_OK &&
            X509_verify(cert, X509_get0_pubkey(ca)) == 1 &&
            X509_cmp_time(X509_get0_notAfter(cert), &until) > 0;
  for (size_t i = 0; ok && i < n; i++) {
    ok = is_address(names[i]) ? X509_check_ip_asc(cert, names[i], 0) == 1
                              : X509_check_host(cert, names[i], 0, 0, NULL) == 1;
  }
  X509_free(cert);
  X509_free(ca);
  ERR_clear_error();
  return ok;
}

static shed_status
fingerprint(const char *path, shed_sha256 *out, shed_error *err)
{
  X509         *ca = NULL;
  unsigned char md[EVP_MAX_MD_SIZE];
  unsigned int  n  = 0;
  shed_status   st = load_cert(path, &ca, err);
  if (st == SHED_OK && X509_digest(ca, EVP_sha256(), md, &n) != 1) {
    st = failed(path, err);
  }
  for (unsigned int i = 0; st == SHED_OK && i < n && 2 * i + 2 < sizeof(out->text); i++) {
    (void)snprintf(out->text + 2 * i, 3, "%02x", md[i]);
  }
  X509_free(ca);
  return st;
}

shed_status
shed_tls_prepare(const char *folder, const char *const *names, size_t n_names, const shed_clock *clock,
                 shed_tls_files *out, shed_error *err)
{
  char    ca_key[SHED_TLS_PATH + 16];
  int64_t now_s = clock->wall_ms(clock->ctx) / 1000;
  memset(out, 0, sizeof(*out));
  if (snprintf(out->ca, sizeof(out->ca), "%s/ca.crt", folder) >= (int)sizeof(out->ca) - 16) {
    return shed_fail(err, SHED_E_RANGE, folder, "the path is too long");
  }
  (void)snprintf(ca_key, sizeof(ca_key), "%s/ca.key", folder);
  (void)snprintf(out->cert, sizeof(out->cert), "%s/server.crt", folder);
  (void)snprintf(out->key, sizeof(out->key), "%s/server.key", folder);
  shed_status st = shed_folder_make(folder, err);
  if (st == SHED_OK && (!shed_file_exists(out->ca) || !shed_file_exists(ca_key))) {
    st = make_authority(out, ca_key, now_s, err);
  }
  if (st == SHED_OK && !still_serves(out, names, n_names, now_s)) {
    st = make_cert(out, ca_key, names, n_names, now_s, err);
  }
  return st == SHED_OK ? fingerprint(out->ca, &out->ca_sha256, err) : st;
}

shed_status
shed_tls_check(const char *cert_path, const char *key_path, shed_error *err)
{
  X509       *cert = NULL;
  EVP_PKEY   *key  = NULL;
  shed_status st   = load_cert(cert_path, &cert, err);
  if (st == SHED_OK) {
    st = load_key(key_path, &key, err);
  }
  if (st == SHED_OK && X509_check_private_key(cert, key) != 1) {
    st = shed_fail(err, SHED_E_FORMAT, key_path, "is not the key of %s", cert_path);
  }
  ERR_clear_error();
  EVP_PKEY_free(key);
  X509_free(cert);
  return st;
}

# New flow log objects of a bucket into OpenSearch: bucket, notification, queues, function and roles.
# docs/watch.md says how it is used; `npm run build:lambda` makes the package.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  bucket_arn = "arn:${data.aws_partition.this.partition}:s3:::${var.bucket}"
  prefix     = var.prefix == "" ? "" : "${trim(var.prefix, "/")}/"
  account    = data.aws_caller_identity.this.account_id
}

# --- the bucket that flow logs are delivered to ---

resource "aws_s3_bucket" "logs" {
  count  = var.create_bucket ? 1 : 0
  bucket = var.bucket
  tags   = var.tags
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count                   = var.create_bucket ? 1 : 0
  bucket                  = aws_s3_bucket.logs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "logs" {
  count  = var.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.logs[0].id
  policy = data.aws_iam_policy_document.delivery.json
}

# What AWS's delivery of flow logs needs, and nobody else gets.
data "aws_iam_policy_document" "delivery" {
  statement {
    sid       = "AWSLogDeliveryWrite"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arn}/${local.prefix}AWSLogs/*"]
    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = coalescelist(var.source_accounts, [local.account])
    }
  }
  statement {
    sid       = "AWSLogDeliveryAclCheck"
    actions   = ["s3:GetBucketAcl", "s3:ListBucket"]
    resources = [local.bucket_arn]
    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = coalescelist(var.source_accounts, [local.account])
    }
  }
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# One bucket has one notification resource: set `create_notification` to false where somebody else has it.
resource "aws_s3_bucket_notification" "logs" {
  count  = var.create_notification ? 1 : 0
  bucket = var.create_bucket ? aws_s3_bucket.logs[0].id : var.bucket
  queue {
    queue_arn     = aws_sqs_queue.new.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "${local.prefix}AWSLogs/"
  }
  depends_on = [aws_sqs_queue_policy.new]
}

# --- queues ---

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue" "new" {
  name                      = "${var.name}-new"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  # AWS asks for six times the function's timeout.
  visibility_timeout_seconds = var.timeout_seconds * 6
  # The function takes a message there itself, with the reason, at its last try; this is for what it could not even do that with.
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.attempts + 5
  })
  tags = var.tags
}

data "aws_iam_policy_document" "new" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.new.arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.bucket_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sqs_queue_policy" "new" {
  queue_url = aws_sqs_queue.new.url
  policy    = data.aws_iam_policy_document.new.json
}

# --- the function and what it may do ---

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags               = var.tags
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "ReadObjects"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${local.prefix}AWSLogs/*"]
  }
  # Without it S3 answers 403 for an object that is gone, and the message would be tried again.
  statement {
    sid       = "TellGoneFromForbidden"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefix}AWSLogs/*"]
    }
  }
  statement {
    sid       = "TakeMessages"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.new.arn]
  }
  statement {
    sid       = "SendDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead.arn]
  }
  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }
  dynamic "statement" {
    for_each = var.search_domain_arn == "" ? [] : [var.search_domain_arn]
    content {
      sid     = "WriteDocuments"
      actions = var.search_sign == "aoss" ? ["aoss:APIAccessAll"] : ["es:ESHttpPost", "es:ESHttpGet"]
      resources = var.search_sign == "aoss" ? [statement.value] : [
        "${statement.value}/${var.search_target}/*",
        "${statement.value}/_bulk",
      ]
    }
  }
  dynamic "statement" {
    for_each = var.kms_key_arn == "" ? [] : [var.kms_key_arn]
    content {
      sid       = "Decrypt"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
  dynamic "statement" {
    for_each = length(var.subnet_ids) == 0 ? [] : [1]
    content {
      sid       = "BeInVpc"
      actions   = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  description      = "Flow log objects into a search index"
  role             = aws_iam_role.this.arn
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  memory_size      = var.memory_megabytes
  timeout          = var.timeout_seconds
  environment {
    variables = merge({
      FLOWGAUGE_SEARCH_URL      = var.search_url
      FLOWGAUGE_SEARCH_TARGET   = var.search_target
      FLOWGAUGE_SEARCH_SIGN     = var.search_sign
      FLOWGAUGE_SEARCH_REGION   = data.aws_region.this.name
      FLOWGAUGE_ATTEMPTS        = tostring(var.attempts)
      FLOWGAUGE_DEAD_LETTER_URL = aws_sqs_queue.dead.url
    }, var.environment)
  }
  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) == 0 ? [] : [1]
    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
  depends_on = [aws_iam_role_policy.this]
  tags       = var.tags
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn        = aws_sqs_queue.new.arn
  function_name           = aws_lambda_function.this.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
  scaling_config {
    maximum_concurrency = var.most_at_once
  }
}

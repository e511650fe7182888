variable "name" {
  description = "Name of the function, its role and its queues"
  type        = string
  default     = "flowgauge"
}

variable "package" {
  description = "The zip that `npm run build:lambda` makes"
  type        = string
}

variable "bucket" {
  description = "Bucket that flow logs are delivered to"
  type        = string
}

variable "create_bucket" {
  description = "Make the bucket, with the policy that delivery needs"
  type        = bool
  default     = true
}

variable "create_notification" {
  description = "Let the bucket notify the queue; a bucket has one such resource"
  type        = bool
  default     = true
}

variable "prefix" {
  description = "Prefix of the flow logs in the bucket, before AWSLogs/"
  type        = string
  default     = ""
}

variable "source_accounts" {
  description = "Accounts that may deliver to the bucket; this one where the list is empty"
  type        = list(string)
  default     = []
}

variable "search_url" {
  description = "https URL of OpenSearch or Elasticsearch"
  type        = string
  validation {
    condition     = can(regex("^https://", var.search_url))
    error_message = "The search server is asked over https."
  }
}

variable "search_target" {
  description = "Data stream, index or alias"
  type        = string
  default     = "flowgauge-flows"
}

variable "search_sign" {
  description = "Sign requests as AWS: es, aoss, or \"\" for a user or key in `environment`"
  type        = string
  default     = "es"
  validation {
    condition     = contains(["es", "aoss", ""], var.search_sign)
    error_message = "One of es, aoss and \"\"."
  }
}

variable "search_domain_arn" {
  description = "ARN of the domain or collection that the function may write to; \"\" where it does not sign"
  type        = string
  default     = ""
}

variable "environment" {
  description = "More settings: FLOWGAUGE_SEARCH_USER, FLOWGAUGE_SEARCH_PASSWORD, FLOWGAUGE_SEARCH_API_KEY, FLOWGAUGE_FORMAT, FLOWGAUGE_MODEL"
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "kms_key_arn" {
  description = "Key that the objects are encrypted with, where it is one of KMS"
  type        = string
  default     = ""
}

variable "attempts" {
  description = "Tries of a message before it goes to the dead-letter queue"
  type        = number
  default     = 5
}

variable "memory_megabytes" {
  description = "Memory of the function"
  type        = number
  default     = 512
}

variable "timeout_seconds" {
  description = "How long a call may take"
  type        = number
  default     = 300
}

variable "most_at_once" {
  description = "Calls at a time: fewer press the search server less"
  type        = number
  default     = 5
}

variable "subnet_ids" {
  description = "Subnets of a domain in a VPC"
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "Security groups of the function in a VPC"
  type        = list(string)
  default     = []
}

variable "log_retention_days" {
  description = "Days that the function's own log is kept"
  type        = number
  default     = 30
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}

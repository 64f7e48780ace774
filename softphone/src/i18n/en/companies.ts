/** Words of the page of companies, for those who installed the server. */
export const companies = {
  companies: {
    title: 'Companies',
    lead: 'Each company has people, queues, numbers and customers of its own. Whoever installed the server makes the company and its first administrator, who does the rest.',
    add: 'New company',
    key: 'Short name',
    keyWhy: 'Small letters, digits and dashes, e.g. example-internet. It does not change later.',
    since: 'Made on',
    admin: 'First administrator',
    adminName: 'Name',
    username: 'User name',
    usernameWhy: 'Unique on the whole server. The person enters with it and changes the password.',
    password: 'First password',
    passwordWhy: 'Ten characters or more.',
    create: 'Make the company',
    created: (name: string) => `Company ${name} was made.`,
  },
};
